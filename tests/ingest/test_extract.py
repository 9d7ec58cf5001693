"""Marketo's bulk extract, as Marketo writes it and as its documents say that it may: all of it is read.

Facts are in the public documents of Marketo's REST API; where these disagree, both are accepted.
"""

from datetime import UTC, datetime

import pytest

from tests.ingest.files import AGENT, DOCUMENT, GOAL, HEADER, MEETING, chat_row, write_types
from webui.ingest import activity_types

AS_MARKETO_WRITES_IT = [
    (
        "880142,501,2031-04-02T08:15:30Z,1001,null,12,Pricing page greeter",
        r""""{""Conversation Status"":""Completed"",""Page URL"":""https://www.acme.example/pricing"","""
        r'''""Conversation Transcript"":""Bot: Hi, \""Ann\""\nAnn: Hello""}"''',
    ),
    (
        "880143,502,2031-04-02T09:00:00Z,1004,null,12,Pricing page greeter",
        '''"{""Goal Name"":""Asked for a demo""}"''',
    ),
]


@pytest.mark.parametrize(("name", "delimiter"), [("activities.csv", ","), ("activities.tsv", "\t")])
def test_an_extract_goes_in_as_marketo_writes_it(bring, types, tmp_path, stored, name, delimiter):
    lines = [",".join(HEADER).replace(",", delimiter)]
    for columns, attributes in AS_MARKETO_WRITES_IT:
        lines.append(columns.replace(",", delimiter) + delimiter + attributes)
    path = tmp_path / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")

    assert bring(path)["added"] == 2

    engaged, goal = stored()["880142"], stored()["880143"]
    assert (engaged.type_key, engaged.marketo_id) == ("engaged-dialogue", 501)
    assert engaged.at == datetime(2031, 4, 2, 8, 15, 30, tzinfo=UTC)
    assert (engaged.dialogue, engaged.status) == ("Pricing page greeter", "completed")
    assert engaged.page_url == "https://www.acme.example/pricing"
    assert engaged.transcript == 'Bot: Hi, "Ann"\nAnn: Hello'
    assert (goal.type_key, goal.goal_name, goal.status) == ("reached-goal", "Asked for a demo", None)


def test_columns_are_found_by_the_header_in_any_order(bring, extract, stored):
    row = chat_row({"Page URL": "https://a.example/"})
    bring(extract(row, columns=["attributes", "primaryAttributeValue", *HEADER[:6][::-1]]))

    chat = stored()["880142"]
    assert (chat.marketo_id, chat.dialogue, chat.page_url) == (
        501,
        "Pricing page greeter",
        "https://a.example/",
    )


def test_columns_that_the_export_dropped_are_unknown(bring, extract, stored):
    bring(extract(chat_row(), columns=HEADER[:4]))
    assert (stored()["880142"].dialogue, stored()["880142"].page_url) == (None, None)


def test_columns_that_were_asked_for_besides_do_no_harm(bring, extract, stored):
    bring(extract(chat_row(actionResult="succeeded"), columns=["actionResult", *HEADER]))
    assert stored()["880142"].dialogue == "Pricing page greeter"


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(bring, extract, stored):
    bring(extract(chat_row({"Page URL": "https://a.example/"}), encoding="utf-8-sig", line_end="\r\n"))
    assert stored()["880142"].page_url == "https://a.example/"


def test_attributes_may_be_an_object_or_a_list_of_names_and_values(chats):
    as_object, as_list = chats(
        chat_row({"Conversation Status": "Dropped", "Page URL": "https://a.example/"}),
        chat_row(
            [
                {"name": "Conversation Status", "value": "Dropped"},
                {"name": "Page URL", "dataType": "string", "value": "https://a.example/"},
            ]
        ),
    )
    assert as_object.status == as_list.status == "dropped"
    assert as_object.page_url == as_list.page_url == "https://a.example/"


def test_an_empty_cell_and_null_are_no_value(chats):
    for chat in chats(
        chat_row("", primaryAttributeValue="", primaryAttributeValueId=""),
        chat_row("null", primaryAttributeValue="null", primaryAttributeValueId="null"),
    ):
        assert (chat.dialogue, chat.status, chat.page_url, chat.extra) == (None, None, None, None)


def test_attribute_names_are_matched_without_case_blanks_and_underscores(chats):
    spelt = chats(
        chat_row({"Goal name": "Demo"}, activityTypeId=GOAL),
        chat_row({"GOALNAME": "Demo"}, activityTypeId=GOAL),
        chat_row({"goal_name": "Demo"}, activityTypeId=GOAL),
        chat_row({" goal  Name ": "Demo"}, activityTypeId=GOAL),
    )
    assert [chat.goal_name for chat in spelt] == ["Demo"] * 4


def test_the_dialogue_is_the_primary_value_else_an_attribute_that_names_it(chats):
    found = chats(
        chat_row({"Name": "Other"}, primaryAttributeValue="First"),
        chat_row({"Name": "Second"}, primaryAttributeValue="null"),
        chat_row({"Dialogue Name": "Third"}, primaryAttributeValue="null"),
        chat_row({"Conversational Flow Name": "Fourth"}, primaryAttributeValue="null"),
    )
    assert [chat.dialogue for chat in found] == ["First", "Second", "Third", "Fourth"]


def test_every_field_of_an_appointment_has_its_place(chats):
    (chat,) = chats(
        chat_row(
            {
                "Agent Name": "Mei Tanaka",
                "Agent Email": "mei@acme.example",
                "Meeting Status": "Scheduled",
                "Page URL": "https://a.example/",
                "Routing Queue Name": "EMEA",
                "Scheduled For": "2031-04-09T10:00:00+09:00",
            },
            activityTypeId=MEETING,
        )
    )
    assert (chat.agent_name, chat.agent_email, chat.routing_queue) == (
        "Mei Tanaka",
        "mei@acme.example",
        "EMEA",
    )
    assert (chat.status, chat.page_url, chat.extra) == ("scheduled", "https://a.example/", None)


def test_a_transcript_keeps_its_line_breaks_and_quotes(chats):
    words = 'Bot: "Hi"\nAnn: a, b; c\ttab\n\n高橋: はい 👍'
    written, windows = chats(
        chat_row({"Conversation Transcript": words}),
        chat_row({"Conversation Transcript": words.replace("\n", "\r\n")}),
    )
    assert written.transcript == windows.transcript == words


def test_attributes_may_be_written_over_several_lines(chats):
    (chat,) = chats(
        chat_row('{\n  "Page URL": "https://a.example/",\r\n  "Conversation Status": "Dropped"\n}')
    )
    assert (chat.page_url, chat.status) == ("https://a.example/", "dropped")


def test_dates_are_read_in_each_spelling_and_kept_in_utc(chats):
    spellings = {
        "2031-04-02T08:15:30Z": datetime(2031, 4, 2, 8, 15, 30, tzinfo=UTC),
        "2031-04-02T08:15:30+0000": datetime(2031, 4, 2, 8, 15, 30, tzinfo=UTC),
        "2031-04-02T08:15:30+00:00": datetime(2031, 4, 2, 8, 15, 30, tzinfo=UTC),
        "2031-04-02T08:15:30.250Z": datetime(2031, 4, 2, 8, 15, 30, 250_000, tzinfo=UTC),
        "2031-04-02T08:15:30+0900": datetime(2031, 4, 1, 23, 15, 30, tzinfo=UTC),
        "2031-04-02T08:15:30": datetime(2031, 4, 2, 8, 15, 30, tzinfo=UTC),
    }
    found = chats(*(chat_row(activityDate=text) for text in spellings))
    assert [chat.at for chat in found] == list(spellings.values())


@pytest.mark.parametrize(
    ("attribute", "type_id", "spellings"),
    [
        (
            "Conversation Status",
            "1001",
            {
                "Initiated": "initiated",
                "DROPPED": "dropped",
                "completed": "completed",
                " Completed ": "completed",
                "": None,
            },
        ),
        ("Conversation Status", AGENT, {"Completed": "completed", "": None}),
        (
            "Meeting Status",
            MEETING,
            {
                "Scheduled": "scheduled",
                "RESCHEDULED": "rescheduled",
                "Cancelled": "cancelled",
                "Canceled": "cancelled",
                "canceled": "cancelled",
            },
        ),
    ],
)
def test_a_status_is_read_whatever_its_case(chats, attribute, type_id, spellings):
    found = chats(*(chat_row({attribute: text}, activityTypeId=type_id) for text in spellings))
    assert [chat.status for chat in found] == list(spellings.values())


def test_document_flags_are_read_in_each_encoding_and_downloaded_wins(chats):
    cases = [
        *(({"Document Opened": yes}, "opened") for yes in (True, "true", "TRUE", "yes", 1, "1")),
        *(({"Document Downloaded": yes}, "downloaded") for yes in (True, "true", "yes", 1, "1")),
        *(
            ({"Document Opened": no, "Document Downloaded": no}, None)
            for no in (False, "false", "no", 0, "0")
        ),
        ({"Document Opened": True, "Document Downloaded": False}, "opened"),
        ({"Document Opened": True, "Document Downloaded": True}, "downloaded"),
        ({"Document Downloaded": True, "Document Opened": True}, "downloaded"),
        ({"Document Opened": ""}, None),
        ({}, None),
    ]
    found = chats(*(chat_row(told, activityTypeId=DOCUMENT) for told, _ in cases))
    assert [(told, chat.status) for (told, _), chat in zip(cases, found, strict=True)] == cases


def test_an_appointment_with_a_zone_is_that_moment(chats):
    (chat,) = chats(chat_row({"Scheduled For": "2031-04-09T10:00:00+09:00"}, activityTypeId=MEETING))
    assert chat.scheduled_for == datetime(2031, 4, 9, 1, 0, tzinfo=UTC)
    assert chat.scheduled_text is None


def test_an_appointment_without_a_zone_is_taken_for_utc_and_its_text_kept(chats):
    (chat,) = chats(chat_row({"Scheduled For": "2031-04-09T10:00:00"}, activityTypeId=MEETING))
    assert chat.scheduled_for == datetime(2031, 4, 9, 10, 0, tzinfo=UTC)
    assert chat.scheduled_text == "2031-04-09T10:00:00"


@pytest.mark.parametrize("text", ["next Tuesday at ten", "2031-04-09", "0001-01-01T00:00:00+14:00"])
def test_an_appointment_that_is_no_date_keeps_its_text(chats, text):
    (chat,) = chats(chat_row({"Scheduled For": text}, activityTypeId=MEETING))
    assert (chat.scheduled_for, chat.scheduled_text) == (None, text)


def test_a_score_of_nought_is_not_no_score(chats):
    told = [{"Conversation Score": 0}, {"Conversation Score": "0"}, {"Conversation Score": 3}, {}]
    assert [chat.score for chat in chats(*map(chat_row, told))] == [0, 0, 3, None]


def test_a_score_outside_nought_to_three_is_kept_as_it_was_written(chats):
    (chat,) = chats(chat_row({"Conversation Score": "9"}))
    assert (chat.score, chat.extra) == (None, {"Conversation Score": "9"})


def test_topics_may_be_a_list_or_a_text_with_commas(chats):
    listed, written, none = chats(
        chat_row({"Discussed Topics": ["Pricing", "単価"]}),
        chat_row({"Discussed Topics": "Pricing, 単価"}),
        chat_row(),
    )
    assert (listed.topics, written.topics, none.topics) == (["Pricing", "単価"], ["Pricing", "単価"], None)


def test_attributes_that_nobody_knows_are_kept_under_marketos_names(chats):
    (chat,) = chats(
        chat_row({"UI Type": "popup", "Source_ID": 7, "Is Test": False, "Empty": "", "Null": None})
    )
    assert chat.extra == {"UI Type": "popup", "Source_ID": "7", "Is Test": "false"}


def test_one_line_texts_lose_control_and_bidi_characters(chats):
    (chat,) = chats(
        chat_row(
            {"Goal Name": "Demo\u202egpj\u2066.exe\u0007\nnow"},
            activityTypeId=GOAL,
            primaryAttributeValue="Pricing\u2028\u009fflow",
        )
    )
    forbidden = set("\u202e\u2066\u0007\n\u2028\u009f")
    assert not forbidden & set(chat.goal_name + chat.dialogue)
    assert chat.goal_name.startswith("Demo")
    assert chat.dialogue.endswith("flow")


def test_markup_and_emoji_in_names_are_kept_as_they_are(chats):
    name = '<b>"Ann\'s" & Söhne</b> 👩‍👩‍👧‍👦 ダイアログ'
    assert chats(chat_row(primaryAttributeValue=name))[0].dialogue == name


# Which type a row is


@pytest.mark.parametrize(
    ("key", "in_a_dialogue", "in_a_flow"),
    [
        (
            "engaged-dialogue",
            [
                "Engaged with a Dialogue",
                "Engages with a Dialogue",
                "Engage with a Dialogue",
                "Engage with Dialogue",
                "ENGAGED WITH THE DIALOG",
                "engage_with_a_dialogue",
                " Engaged  with a - Dialogue ",
            ],
            [
                "Engaged with a Conversational Form",
                "Engaged with a Conversational Flow",
                "Engages with Conversational Flow",
                "Engage with a Conversation Form",
            ],
        ),
        (
            "agent-engaged",
            [
                "Engaged with an Agent in Dialogue",
                "Engages with an Agent in a Dialogue",
                "Engage with Agent in Dialogue",
            ],
            ["Engaged with an Agent in Conversational Form", "Engage with an Agent in Conversational Flow"],
        ),
        (
            "scheduled-appointment",
            [
                "Scheduled Meeting in Dialogue",
                "Schedules Meeting in Dialogue",
                "Schedule a Meeting in Dialogue",
                "Scheduled Appointment in Dialogue",
            ],
            ["Scheduled Meeting in Conversational Form", "Schedule Meeting in Conversational Flow"],
        ),
        (
            "reached-goal",
            [
                "Reached Dialogue Goal",
                "Reaches Dialogue Goal",
                "Reach Dialog Goal",
                "Reached Goal in Dialogue",
            ],
            [
                "Reached Conversational Form Goal",
                "Reached Goal in Conversational Flow",
                "Reach Conversational Flow Goal",
            ],
        ),
        (
            "interacted-with-document",
            [
                "Interacted with Document in Dialogue",
                "Interacts with Document in Dialogue",
                "Interact with a Document in the Dialogue",
            ],
            [
                "Interacted with Document in Conversational Form",
                "Interact with Document in Conversational Flow",
            ],
        ),
    ],
)
def test_a_type_is_known_by_each_name_that_marketo_gives_it(
    chats, bring, tmp_path, key, in_a_dialogue, in_a_flow
):
    names = dict(enumerate(in_a_dialogue + in_a_flow, 2001))
    bring_names(tmp_path, bring, names)
    found = chats(*(chat_row(activityTypeId=str(number)) for number in names))
    expected = [(name, key, name in in_a_flow) for name in names.values()]
    assert [
        (name, chat.type_key, chat.is_flow) for name, chat in zip(names.values(), found, strict=True)
    ] == expected


def bring_names(folder, bring, names):
    """Let the store learn these names in an import of its own."""
    answer = folder / "names"
    answer.mkdir()
    write_types(answer / "activity_types.json", names)
    path = answer / "none.csv"
    path.write_text(",".join(HEADER) + "\n")
    bring(path)


@pytest.mark.parametrize(
    "name",
    [
        "Merge Leads",
        "Change Data Value",
        "Triggered Dialogue",
        "Clicked Link in Chat in Dialogue",
        "Engaged with a Dialogue Stream",
        "Disengaged with a Dialogue",
        "Engaged with a Form",
    ],
)
def test_a_type_of_another_name_is_ignored_and_counted_by_that_name(
    bring, extract, types, stored, capsys, name
):
    write_types(types, {1001: "Engaged with a Dialogue", 2001: name})
    foreign = chat_row(activityTypeId="2001")

    counts = bring(extract(chat_row(), foreign, foreign))

    assert (counts["read"], counts["added"], counts["ignored"], counts["rejected"]) == (3, 1, 2, 0)
    assert f"ignored 2 of type {name}" in capsys.readouterr().err
    assert list(stored()) == ["880142"]


def test_engaging_with_an_agent_is_not_engaging_with_a_dialogue(chats):
    (chat,) = chats(chat_row(activityTypeId=AGENT))
    assert chat.type_key == "agent-engaged"


@pytest.mark.parametrize(("number", "added"), [(99_999, 1), (100_000, 0)])
def test_a_customers_own_type_is_not_known_by_its_name(bring, extract, types, number, added):
    write_types(types, {number: "Engaged with a Dialogue"})
    assert bring(extract(chat_row(activityTypeId=str(number))))["added"] == added


def test_a_customers_own_type_is_known_when_the_settings_say_so(chats):
    goal, flow = chats(
        chat_row(activityTypeId="100001"),
        chat_row(activityTypeId="100002"),
        CHATPANE_ACTIVITY_TYPES="100001=reached-goal, 100002=engaged-dialogue:flow",
    )
    assert (goal.type_key, goal.is_flow) == ("reached-goal", False)
    assert (flow.type_key, flow.is_flow) == ("engaged-dialogue", True)


def test_the_settings_win_over_any_name(chats):
    (chat,) = chats(chat_row(), CHATPANE_ACTIVITY_TYPES="1001=reached-goal")
    assert chat.type_key == "reached-goal"


def test_types_once_learned_are_known_to_later_files(bring, extract, types):
    bring(extract(chat_row()))
    types.unlink()
    later = extract(chat_row(marketoGUID="2"), name="later.csv")
    types.unlink(missing_ok=True)
    assert bring(later)["added"] == 1


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "[1]",
        "{}",
        '{"result": {}}',
        '{"result": [{"id": "x", "name": "y"}]}',
        '{"result": [{"id": 1}]}',
        '{"result": [{"id": 1.5, "name": "y"}]}',
        '{"result": [{"id": 99999999999999999999, "name": "y"}]}',
        '{"success": false, "errors": []}',
    ],
)
def test_what_is_no_answer_of_get_activity_types_is_refused_with_its_name(types, answer):
    types.write_text(answer)
    with pytest.raises(activity_types.UnreadableTypes, match=r"activity_types\.json"):
        activity_types.read(types)


def test_a_file_that_needs_no_types_goes_in_beside_a_broken_answer(bring, crm_file, types):
    types.write_text("not the answer")
    assert bring(crm_file("accounts.csv", {"crm_id": "A1", "name": "Larkspur"}))["added"] == 1


def test_an_id_that_marketo_did_not_name_is_rejected_with_what_to_do(bring, extract, contents):
    assert bring(extract(chat_row(activityTypeId="1999")))["rejected"] == 1
    ((_, _, line, column, guid, reason, _),) = contents()["rejected"]
    assert (line, column, guid) == (2, "activityTypeId", "880142")
    assert "1999" in reason
    assert "--types" in reason
