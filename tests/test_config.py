"""Settings: read once, checked whole, every wrong one named together."""

import stat
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dialogs.words import Language
from gateway.config import Settings, SettingsError

PRODUCTION = {
    "DATABASE_URL": "postgresql://jiesu@db/jiesu",
    "REDIS_URL": "rediss://cache:6379/0",
    "PUBLIC_URL": "https://12345.example.gov.cn/",
    "SECRET_KEY": "s" * 32,
}


def development(folder: Path, **more: str) -> Settings:
    return Settings.from_env({"DATA_DIR": str(folder), **more}, production=False)


def problems(env: dict[str, str], *, production: bool = True) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as raised:
        Settings.from_env(env, production=production)
    return raised.value.problems


def test_development_needs_no_setting_at_all(tmp_path: Path) -> None:
    settings = development(tmp_path)
    assert settings.database_url is None
    assert settings.redis_url is None
    assert settings.public_url == "http://127.0.0.1:8080"
    assert settings.timezone == ZoneInfo("Asia/Shanghai")
    assert settings.languages == (Language.CHINESE, Language.ENGLISH)


def test_production_refuses_to_start_without_the_four_it_needs() -> None:
    named = [problem.split()[0] for problem in problems({})]
    assert named == list(PRODUCTION)


def test_production_starts_with_the_four_it_needs() -> None:
    settings = Settings.from_env(PRODUCTION, production=True)
    assert settings.database_url == PRODUCTION["DATABASE_URL"]
    assert settings.public_url == "https://12345.example.gov.cn"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://db/jiesu"),
        ("DATABASE_URL", "postgresql://"),
        ("REDIS_URL", "http://cache"),
        ("PORT", "0"),
        ("PORT", "70000"),
        ("PORT", "http"),
        ("PUBLIC_URL", "12345.example.gov.cn"),
        ("PUBLIC_URL", "https://12345.example.gov.cn/?from=sms"),
        ("PUBLIC_URL", "https://[half"),
        ("SECRET_KEY", "short"),
        ("TWILIO_ACCOUNT_SID", "AC123"),
        ("TWILIO_PHONE_NUMBER", "010-12345678"),
        ("TWILIO_API_URL", "ftp://twilio"),
        ("TELEGRAM_BOT_TOKEN", "bot"),
        ("TELEGRAM_WEBHOOK_SECRET", "no spaces"),
        ("TIMEZONE", "Beijing"),
        ("PHONE_REGION", "China"),
        ("LANGUAGES", "zh-CN,fr"),
        ("LOG_LEVEL", "loud"),
        ("TRUSTED_PROXIES", "-1"),
        ("SMS_ADDRESS_PER_HOUR", "0"),
        ("HUMAN_HOURS", "8-20"),
        ("HUMAN_WAIT_MINUTES", "0"),
        ("CALL_RING_SECONDS", "4"),
        ("CALL_DUTY_ROUNDS", "0"),
        ("CALL_DUTY_HOURS", "7 to 22"),
        ("UNIT_NETWORKS", "10.20.0.8/16"),
        ("UNIT_NETWORKS", "0.0.0.0/0"),
        ("UNIT_NETWORKS", "127.0.0.0/8"),
        ("UNIT_NETWORKS", "10.0.0.0/8,169.254.0.0/16"),
        ("UNDERSTANDING_URL", "models.example"),
    ],
)
def test_a_wrong_value_is_named_with_what_it_should_be(
    name: str, value: str, tmp_path: Path
) -> None:
    found = problems({"DATA_DIR": str(tmp_path), name: value}, production=False)
    assert found[0].startswith(f"{name} should be ")


def test_a_wrong_secret_is_not_repeated_where_it_is_named() -> None:
    assert "hunter2" not in "".join(problems(PRODUCTION | {"SECRET_KEY": "hunter2"}))


def test_all_wrong_settings_are_named_at_once() -> None:
    found = problems(PRODUCTION | {"PORT": "x", "TIMEZONE": "x", "LANGUAGES": "x"})
    assert [problem.split()[0] for problem in found] == ["PORT", "TIMEZONE", "LANGUAGES"]


def test_half_of_an_account_is_named(tmp_path: Path) -> None:
    env = {"DATA_DIR": str(tmp_path), "TWILIO_AUTH_TOKEN": "secret"}
    assert problems(env, production=False) == (
        "TWILIO_ACCOUNT_SID is missing beside TWILIO_AUTH_TOKEN",
        "TWILIO_PHONE_NUMBER is missing beside TWILIO_AUTH_TOKEN",
    )


def test_a_language_model_needs_its_name(tmp_path: Path) -> None:
    env = {"DATA_DIR": str(tmp_path), "UNDERSTANDING_URL": "http://models.example/v1"}
    assert problems(env, production=False) == (
        "UNDERSTANDING_MODEL is missing beside UNDERSTANDING_URL",
    )


def test_a_speech_model_needs_a_pause_in_seconds(tmp_path: Path) -> None:
    env = {"DATA_DIR": str(tmp_path), "VOICE_MODEL": "googlev2_telephony"}
    assert problems(env, production=False) == ("VOICE_PAUSE should be seconds beside VOICE_MODEL",)
    set_apart = development(tmp_path, VOICE_MODEL="googlev2_telephony", VOICE_PAUSE="2")
    assert (set_apart.voice_model, set_apart.voice_pause) == ("googlev2_telephony", "2")


def test_a_blank_value_counts_as_absent(tmp_path: Path) -> None:
    assert development(tmp_path, PORT=" ").port == 8080


def test_another_city_sets_its_own_place_and_languages(tmp_path: Path) -> None:
    settings = development(tmp_path, TIMEZONE="Asia/Urumqi", LANGUAGES="en, zh-CN,en")
    assert settings.timezone == ZoneInfo("Asia/Urumqi")
    assert settings.languages == (Language.ENGLISH, Language.CHINESE)


def test_the_secret_of_development_is_made_once_and_readable_to_its_owner_only(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "var"
    first = development(folder).secret_key
    assert len(first) >= 32
    assert development(folder).secret_key == first
    kept = list(folder.iterdir())
    assert [path.name for path in kept] == ["secret_key"]
    assert stat.S_IMODE(kept[0].stat().st_mode) == 0o600


def test_wrong_settings_leave_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    problems({"DATA_DIR": str(folder), "PORT": "x"}, production=False)
    assert not folder.exists()


def test_secrets_stay_out_of_what_is_printed() -> None:
    shown = repr(Settings.from_env(PRODUCTION, production=True))
    assert not [name for name in ("DATABASE_URL", "SECRET_KEY") if PRODUCTION[name] in shown]


def test_an_address_that_listens_everywhere_is_opened_on_this_machine(tmp_path: Path) -> None:
    assert development(tmp_path, HOST="::").public_url == "http://127.0.0.1:8080"
    assert development(tmp_path, HOST="::1").public_url == "http://[::1]:8080"
