"""What leads on from a chat activity's detail: talks before and after it, and files to take along.

The routes are the chat blueprint's, so its hook guards them too.
"""

from datetime import timedelta

from flask import Response, g, request
from flask_babel import gettext

from webui.calendar_event import Event, calendar_of
from webui.database import LARGEST_ID
from webui.feeds.activity import Whole
from webui.views import detail, detail_page
from webui.views.chat import bp
from webui.views.detail_page import detail_context
from webui.views.errors import NoSuchActivity
from webui.views.export import to_be_saved
from webui.views.fragments import answer
from webui.views.kept import kept
from webui.vocabulary import CHAT
from webui.wording import type_label, utc

ONE = f"/chat/activities/<int(max={LARGEST_ID}):id_>"
MEETING = timedelta(minutes=30)  # Marketo logs no length


@bp.get(f"{ONE}/talk")
@kept
def talk(id_: int) -> Response:
    """Return what was said in one talk and the link to the next; as a page it is the detail's.

    ``?beyond=later`` leads on to later talks, anything else to earlier ones.
    """
    found = _found(id_)
    later = request.args.get("beyond") == "later"
    return answer(
        "lists/detail_page.html", "chat/_talk.html", facts=g.facts, later=later, **detail_context(found)
    )


@bp.get(f"{ONE}/transcript.txt")
def transcript_file(id_: int) -> Response:
    """Return a transcript as a text file; 404 where there is none."""
    found = _found(id_)
    text = found.values["transcript"]
    if not text:
        raise NoSuchActivity
    return _file(text.encode("utf-8", "replace"), "text/plain", found, "txt")


@bp.get(f"{ONE}/appointment.ics")
def appointment_file(id_: int) -> Response:
    """Return an appointment as a calendar file; 404 where no date can be read."""
    found = _found(id_)
    if not detail.has_appointment(found):
        raise NoSuchActivity
    values = found.values
    states = [step.id for step in found.booking] or [found.id]
    summary = " · ".join(one for one in (found.dialogue_name, found.person_name) if one)
    event = Event(
        uid=f"{states[0]}@{request.host.partition(':')[0]}",
        at=values["scheduled_for"],
        lasts=MEETING,
        stamped=found.at,
        summary=summary or type_label(found.type_key),
        description=gettext("Marketo states no length; 30 minutes are assumed."),
        sequence=states.index(found.id),
        cancelled=found.status == "cancelled",
        organizer_name=values["agent_name"],
        organizer_email=values["agent_email"],
    )
    return _file(calendar_of(event), "text/calendar", found, "ics")


def _found(id_: int) -> Whole:
    return detail_page.found(id_, (CHAT,))


def _file(content: bytes, mimetype: str, whole: Whole, ending: str) -> Response:
    """Return a download that nobody keeps, named by person, type and day."""
    name = f"{whole.person_name} {type_label(whole.type_key)} {utc(whole.at)[:10]}.{ending}"
    return to_be_saved(Response(content, content_type=f"{mimetype}; charset=utf-8"), name)
