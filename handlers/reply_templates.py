"""Templates of replies and results (答复模板): a unit writes its own, the centre those of the whole city."""

from dialogs.words import Role
from handlers.case import ActRefusedError, By, claim, worded
from handlers.permit_table import ARTICLE_ROLES, DESK_ROLES
from handlers.result import ResultKind
from handlers.world import World
from store import reply_templates
from store.database import Connection
from store.reply_templates import Written

_UNIT_WRITERS = DESK_ROLES | {Role.REVIEWER}
LONGEST_TITLE = 40


def may_write(unit_id: int | None, roles: frozenset[Role]) -> bool:
    """Whether somebody writes templates, of the own unit or (None) of the whole city."""
    return bool(roles & (ARTICLE_ROLES if unit_id is None else _UNIT_WRITERS))


async def save_template(
    connection: Connection, world: World, by: By, template_id: int | None, written: Written
) -> None:
    """Add a template, or change the one of this id. Raises `ActError`."""
    await _begin(connection, by)
    title = worded(written.title, "名称", longest=LONGEST_TITLE)
    body = worded(written.body, "内容")
    topic = written.topic_code.strip()
    if topic and not any(one.code == topic for one in world.city.reader.topics):
        raise ActRefusedError("目录里没有这个问题分类。")
    if written.result and written.result not in set(ResultKind):
        raise ActRefusedError("请选择用在哪里。")
    kept = Written(title, body, topic, written.result)
    if template_id is None:
        await reply_templates.add(connection, by.unit_id, kept, by.staff_id, by.at)
    elif not await reply_templates.change(
        connection, by.unit_id, template_id, kept, by.staff_id, by.at
    ):
        raise ActRefusedError("这个模板已经删除了。")


async def remove_template(connection: Connection, world: World, by: By, template_id: int) -> None:
    """Remove one of one's own unit."""
    del world
    await _begin(connection, by)
    if not await reply_templates.remove(connection, by.unit_id, template_id):
        raise ActRefusedError("这个模板已经删除了。")


async def _begin(connection: Connection, by: By) -> None:
    await claim(connection, by)
    if not may_write(by.unit_id, by.roles):
        raise ActRefusedError("您的角色不能写模板，请找本单位的收发员、审核人或负责人。")
