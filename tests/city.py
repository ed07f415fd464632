"""A city of two districts as CSV text, and the store without any catalogue to load it into."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from store.database import Connection, Pool

FILES: Mapping[str, str] = {
    "districts": "code,name,short_name\n110108,海淀区,海淀\n110101,东城区,东城\n",
    "streets": (
        "code,name,short_name,district_code,kind,mca_name,aliases\n"
        "110108021,田村路街道,田村路,110108,街道,田村路街道,田村\n"
        "110101001,东华门街道,东华门,110101,街道,东华门街道,\n"
    ),
    "communities": (
        "code,display_name,short_name,street_code,kind\n"
        "110108021001,阜石路第一社区,阜石路第一,110108021,社区\n"
    ),
    "special_jurisdictions": "area,street_code\n王府井地区,110101001\n",
    "departments": (
        "code,name,short_name,dispatch\n"
        "cgw,北京市城市管理委员会,市城市管理委,yes\n"
        "swj,北京市水务局,市水务局,yes\n"
        "gjj,北京住房公积金管理中心,北京公积金中心,yes\n"
        "jwjc,中共北京市纪委市监委,市纪委市监委,guide\n"
    ),
    "district_units": (
        "department,name_pattern,short_pattern,only_in,not_in\n"
        "gov,{district}人民政府,{district}政府,,\n"
        "cgw,{district}城市管理委员会,{district}城管委,,\n"
        "swj,{district}水务局,,,110101\n"
    ),
    "enterprises": (
        "code,name,short_name,aliases\n"
        "gas,北京市燃气集团有限责任公司,,燃气公司\n"
        "metro,北京市地铁运营有限公司,北京地铁公司,\n"
        "mtr,北京京港地铁有限公司,京港地铁公司,\n"
    ),
    "topics": (
        "code,level1,level2,level3,keywords,weak_keywords,responsible_level,lead_department,"
        "co_departments,enterprises,default_grade,domain_7you5xing\n"
        "T001,公共服务,供暖,暖气不热,暖气不热|供暖,不热,both,cgw,swj,,II,宜居性\n"
        "T006,公共服务,燃气,停气,停气,,enterprise,cgw,,gas,II,便利性\n"
        "T007,公共服务,排水,下水道堵塞,下水道,,both,swj,,,II,宜居性\n"
        "T010,公共服务,地铁,扶梯,扶梯,,enterprise,cgw,,metro|mtr,III,便利性\n"
        "T025,住房,公积金,提取,公积金,,department,gjj,,,III,住有所居\n"
        "T031,市容环卫,垃圾,垃圾堆积,垃圾,,street,cgw,,,III,宜居性\n"
        "T039,环境保护,水环境,河道污染,河道,,department,swj,,,III,宜居性\n"
        "T082,政务服务,作风,不作为,不作为,,department,jwjc,,,IV,公正性\n"
    ),
}


def write(folder: Path, changes: Mapping[str, tuple[str, str]] | None = None) -> Path:
    """Write the city's files, each with one text replaced where `changes` says so."""
    for name, text in FILES.items():
        old, new = (changes or {}).get(name, ("", ""))
        (folder / f"{name}.csv").write_text(text.replace(old, new, 1), "utf-8")
    return folder


@asynccontextmanager
async def no_catalogue(pool: Pool) -> AsyncIterator[Connection]:
    """A store without a catalogue; what is done to it is undone at the end."""
    async with pool.acquire() as connection:
        undone = connection.transaction()
        await undone.start()
        try:
            await connection.execute("delete from units; delete from catalogue_versions")
            yield connection
        finally:
            await undone.rollback()
