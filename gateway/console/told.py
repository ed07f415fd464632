"""Whether residents hear of what is done to a ticket, as a form says it before it is done."""

from handlers.ticket_view import TicketView
from store.ticket_page import Facts


def notified(view: TicketView) -> str:
    """Who hears of what is told to the resident, and to those whose tickets follow this one."""
    if view.joined:
        count = len(view.joined) + 1
        return f"一起办的{count}位市民都会在各自的对话里收到，请不要写某一家的个人信息"
    return reached(view.facts)


def reached(facts: Facts) -> str:
    """Whether this ticket's own resident gets messages."""
    if facts.conversation_id is None:
        return "市民没有留下联系方式，不会收到消息"
    if facts.stopped:
        return "市民已退订消息，不会收到，需要电话联系"
    return "市民会在原来的对话里收到消息"
