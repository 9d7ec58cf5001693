"""What visitors and the chatbot say in English, by subject.

Each talk is a block of text: two header lines (``topics:``, ``summary:``), then groups of turns parted by
blank lines. The first group opens the talk; the others are exchanges that may follow in any order. A turn
begins with ``B:`` (bot), ``V:`` (visitor) or ``A:`` (agent); names in braces are filled in by ``talks.py``.
No text names a calendar date, because the demo moves all dates.
"""

TALKS: dict[str, str] = {
    "pricing": """
topics: Seat pricing, Annual terms, Set-up fees
summary: Wanted a figure for {seats} planners at {sites} sites and asked what peak season costs.

B: Hello! You are on our pricing page. Shall I work out a figure for you?
V: Yes please. We are {seats} planners at {sites} sites.
B: Thank you. That puts you on Business, or on Standard for the smaller sites.

V: Is it priced per user or per shipment?
B: Per planner seat. Drivers, dock staff and read-only guests are free.

V: What happens if we go over in peak season?
B: Nothing breaks. You may exceed your seats by a fifth for two months a year before we ask you to step up.

V: Do you discount for paying yearly?
B: Annual terms are 12 % below monthly ones, and a three-year term keeps its price.

V: Finance will ask about set-up fees.
B: The first site is included. Each further site is a fixed package, so there is no open-ended bill.
V: Good. You are the first vendor today who says so.

V: Can we mix editions? Only the main warehouse needs forecasting.
B: You can, as long as the sites are separate workspaces. Guests may still look into both.

V: My boss wants it on one page.
B: The pricing guide has the same table with an example for a company of your size.
""",
    "security": """
topics: Data residency, Single sign-on, Audit reports
summary: Went through the security questionnaire: residency, sign-on, backups and who can read customer data.

B: Welcome to the security desk. Reports, questionnaires, or a question of your own?
V: A question of my own, well, about {sites} of them.
B: One at a time, and take your time.

V: Where is our data kept?
B: In the region you choose at sign-up: Frankfurt, Osaka or Ohio. Backups stay in the same region.

V: Do you support SAML, and is it an extra?
B: SAML and OpenID Connect are in every edition. Provisioning by SCIM comes with Business.

V: Who on your side can see our shipments?
B: Nobody by default. Support asks for a grant that you can see, and that ends by itself after 8 hours.
V: And is that in the audit log?
B: Each view is, with the name of the person and the reason.

V: How often do you restore a backup, not just make one?
B: Every week, into an empty region. The last report is in the security pack.

V: Our auditors want the penetration test.
B: The letter of attestation is public. For the full report we need a signed NDA, which takes about a day.

V: What is your recovery time?
B: Four hours by contract. The longest outage last year was 23 minutes.
""",
    "integration": """
topics: ERP connector, EDI, Public API
summary: Checked whether the ERP connector and the EDI mailbox cover {sites} sites without custom code.

B: Tell me which systems you run and I will look for a connector.
V: An ERP from the nineties, and a warehouse system that only speaks files.
B: Files are fine. What should go in, and what should come out?

V: Our ERP exports fixed-width files at night. Is that a problem?
B: No. The file connector reads fixed width, CSV and XML, and tells you which line it did not like.

V: Do you have a real API, or just webhooks?
B: Both. The API covers everything you see on the screen; webhooks tell you when to look.

V: Is there a limit on calls?
B: 600 a minute for each workspace. Bulk loads do not count.

V: Our carriers send EDIFACT.
B: DESADV and IFTSTA are read as they are. Two hundred carriers are set up already; send me your list.
V: There are {seats} of them, I warn you.
B: Then I will bring coffee.

V: Can the shop floor terminals print labels from it?
B: Yes, through the local print agent. It needs a small computer in the plant, nothing in your network opens.

V: Who maintains the connector when our ERP is upgraded?
B: We do, for every version the maker still supports.
""",
    "demo": """
topics: Live demo, Lane Planner, Dock Board
summary: Asked for a demo with own data, about {seats} lanes, and wants the planners to join.

B: Would you like to see Kumolane with data like yours?
V: Yes. Slides I have seen enough of.
B: No slides, then. What would you like to know before we find a time?

V: How long does a demo take?
B: 30 minutes, of which 20 are on the live system. Ask for the Dock Board; it is the part planners remember.

V: Can we use our own lanes?
B: Send a spreadsheet with origin, destination and weight the day before, and we load it.

V: There will be {sites} of us, and two are colour-blind.
B: Thank you for saying so. We switch the board to patterns; it stays readable without colour.

V: We had a rival's demo last week and it fell over at the third truck.
B: Bring the third truck. We will start with it.

V: Can it be recorded for the night shift?
B: Gladly. The link works for a month and needs no account.

V: Does it have to be a video call?
B: A phone and a shared link do as well.
""",
    "migration": """
topics: Spreadsheet import, Cut-over plan, Training
summary: Plans to move {sites} sites away from spreadsheets and is worried about the cut-over weekend.

B: Moving from another system, or from spreadsheets?
V: From spreadsheets. {seats} of them, and everyone loves their own.
B: They may keep them for a while. {sites} sites, I see; what worries you most?

V: What do we have to clean up before?
B: Locations and carriers. Everything else can be corrected later, in bulk.

V: How long is a usual migration?
B: Six weeks for a site: two to load, three side by side, one to let go.
V: Side by side means double work.
B: For the planners, yes. That is why it is three weeks and not six.

V: Can we go back if it goes wrong?
B: Until the last week, any morning. Your sheets are kept up to date by an export every night.

V: Who trains the late shift?
B: Two of your own people, and we train those two. Our trainers are available until midnight.

V: Do old shipments come along?
B: Two years of them by default. More, if your auditors need more.

V: Our main sheet has macros that nobody understands.
B: Send it. We have a small museum of those, and so far each has turned out to be a lookup.
""",
    "support": """
topics: Label printing, Sign-in, Delayed updates
summary: Reported a problem at one dock and was given steps; wants to hear back before the next shift.

B: Sorry that something is in the way. What do you see?
V: The board at dock {sites} has not moved for a while.
B: Thank you, I have opened the diagnosis for that board. Anything else you noticed?

V: The clock on it is right, but the trucks are not.
B: Then the screen lives and the feed does not. Is there a yellow triangle in the lower corner?
V: Yes, there is one.

V: We restarted it twice.
B: Thank you. Please leave it on now, I can see it from here and I am resetting its connection.

V: Labels come out twice.
B: That is the printer's answer arriving late. Set its timeout to 20 seconds under Devices.

V: One colleague cannot sign in since this morning.
B: Her password expired at your identity provider; ours just repeats that. Your IT can extend it.

V: Can I see the status of the whole service somewhere?
B: At status.kumolane.example, with the history of the last year.

V: Will I hear from somebody before the late shift?
B: Yes, before 16:00. I have put you at the top of the queue.
""",
    "event": """
topics: Webinar, Slides, Customer story
summary: Came from the webinar and asked for slides and for a customer of a similar size to talk to.

B: Good to see you after the webinar! What should I send you?
V: The slides, and the part about {sites} plants again.
B: Both are in your inbox. What else stuck in your mind?

V: Is the recording public?
B: For everyone who registered. You may pass the link on within your company.

V: The speaker mentioned a customer with {seats} docks. Can we talk to them?
B: They like questions by mail first. I will introduce you if you tell me what you want to know.

V: Will there be one on cold chain?
B: Yes, it is the next in the series. I can put you on the list.
V: Please do.

V: What was the number for avoided empty runs?
B: 17 % in the first year, measured by the customer and not by us.

V: Do you come to the fair in the autumn?
B: Hall 4, next to the good coffee. Appointments are open already.
""",
    "trial": """
topics: Free trial, Sample data, Invitations
summary: Started the trial, invited colleagues and asked how to throw the sample data away.

B: Your trial is ready. Shall I show you the first three things to try?
V: Two are enough for today.
B: Then: load your lanes, and invite a colleague. Ask me anything on the way.

V: How do I get rid of the sample trucks?
B: Settings, Workspace, Clear samples. Your own data stays.

V: Can I invite {sites} colleagues?
B: As many as you like during the trial. They need no card either.

V: What happens on the last day?
B: The workspace becomes read-only for 30 days. Nothing is deleted without a mail that you confirm.

V: The import stopped at row {seats}.
B: That row has a date in the weight column. Mend it and press Resume; the rows before it are safe.
V: Found it. Thanks, that was quick.

V: Is the trial the same as the real thing?
B: Apart from the print agent, yes.
""",
    "product": """
topics: Lane Planner, Lens reports, Mobile app
summary: Looked at the planner and the reports, and compared them with the tool used at {sites} sites today.

B: Hi! This tour takes four minutes. Planner first, or reports first?
V: Reports. That is what I am asked for every week.
B: Here they are. Click through, I am here for questions.

V: Can a report go out by mail every Monday?
B: Yes, as a link or as a PDF, and only if something is in it, should you prefer that.

V: What does the planner do when a truck is late?
B: It shows what the delay touches, proposes two ways out, and never moves anything by itself.

V: Does the app work without a network?
B: For a shift, yes. It catches up at the gate.

V: Which languages does the driver see?
B: Fourteen, chosen by the driver and not by the office.
V: Our drivers will like that.

V: We have about {seats} docks. Is the board still readable?
B: Up to 60 on one screen, then it turns pages. Most customers hang up two.

V: Can I try to break it?
B: Please. The sandbox is reset every night.
""",
}

ENDINGS: dict[str, str] = {
    "completed": """
V: That answers it, thank you.
B: You are welcome. This chat stays open if something else comes up.

B: Is there anything else I can do?
V: No, that was all. Have a good one.

V: Perfect. I will pass it on.
B: Thank you, {visitor}. Good luck with it!
""",
    "dropped": """
B: Would you like to see an example with your own numbers?

B: Are you still there? I can also send this by mail.

B: Shall I find a time with one of our people?
""",
    "meeting": """
V: Can I talk to a person about this?
B: Of course. {agent} has a free half hour at {time}, your time.
V: Take that one.
B: Booked. The invitation is in your inbox, and you can move it from there.

B: I would suggest a short call with {agent}. Does {time} suit you?
V: It does.
B: Done. You will get a reminder an hour before.
""",
    "goal": """
V: All right, send it to me.
B: On its way to your address, {visitor}. I have noted your interest so that nobody asks you twice.

B: May I put you down for that?
V: Yes, go ahead.
B: Noted. You will hear from us within a working day.
""",
    "document": """
B: Here is the document that covers it.
V: Just what I was looking for. Downloading it now.

V: Do you have that in writing?
B: Here you are. It opens in the browser, or you can save it.
""",
}

HANDOVER = """
B: I am bringing in a colleague who knows this better than I do.
A: Hi {visitor}, {agent} here. I have read along.

V: Could I speak with a human, please?
B: Of course, one moment.
A: Hello {visitor}, this is {agent}. How can I help?
"""

SENTENCE_GAP = " "

OUTCOMES: dict[str, str] = {
    "completed": "All questions were answered in the chat.",
    "dropped": "Left before the last question was answered.",
    "meeting": "Booked a call with {agent}.",
    "goal": "Agreed to be contacted.",
    "document": "Took the document along.",
}
