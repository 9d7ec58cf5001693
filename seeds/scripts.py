"""Conversations written by hand, for the records that are worth opening first.

The lines are transcripts as they are logged; the visitors are Maya Thornbury, 桐谷 美緒,
風見 颯太 and ليلى.
"""

from talks import Words

CUT_OVER = Words(
    """\
Bot: Welcome back, Maya. Last time we spoke about moving your second plant. Shall I pick that up?
Maya Thornbury: Please. I have a quiet hour and a spreadsheet that frightens me.
Bot: Then let us make it smaller. How many lanes does plant two have?
Maya Thornbury: 212, of which about 40 nobody has driven since the new bridge.
Bot: Leave the 40 out. They can be brought back one at a time, and so far nobody ever has.
Maya Thornbury: That is oddly freeing. What about the night shift? They meet the new board first.
Bot: Start with them on a quiet night. Three customers did it that way round, and all would again.
Maya Thornbury: Why?
Bot: At night there are fewer trucks and more patience. In the morning the day shift finds a board that works.
Maya Thornbury: And if it does not?
Bot: Until the last week you can go back on any morning. Your sheets are written every night.
Maya Thornbury: Good. Then I want dates. Six weeks from the day we sign?
Bot: Six weeks: two to load, three side by side, one to let go. The checklist has a page for each.
Maya Thornbury: Downloading it now. Tell Marcus I am nearly convinced.
Bot: I will, and I will tell him about the 40 lanes. Enjoy the quiet.""",
    "Plans the cut-over of plant two (212 lanes), night shift first. Wants dates; nearly convinced.",
    ("Cut-over plan", "Night shift", "Spreadsheet import"),
)

QUOTE = Words(
    """\
Bot: Hello Maya! Still comparing plans, or ready for a figure?
Maya Thornbury: A figure. 38 planners, two plants, three years.
Bot: For three years the price is fixed. May I ask whether both plants need forecasting?
Maya Thornbury: Only Akron. Tilbury moves the same twelve pallets every day of its life.
Bot: Then Tilbury can stay on Standard, which saves you about a fifth. I can have it written up.
Maya Thornbury: Do it. And can I speak to whoever signs it?
Bot: Marcus Bell is in. I am bringing him into this chat.
Maya Thornbury: Thank you.""",
    "Asked for a three-year quote for 38 planners; mixed editions save about a fifth. Handed to Marcus Bell.",
    ("Seat pricing", "Three-year term", "Editions"),
)

QUOTE_AGENT = Words(
    """\
Marcus Bell: Hi Maya, Marcus here. I have read along. Twelve pallets, every day?
Maya Thornbury: Since the plant opened. We suspect they are always the same twelve.
Marcus Bell: Then Standard it is. What would stop this deal, if anything?
Maya Thornbury: Our CFO. She has been promised "no set-up fees" before.
Marcus Bell: I will put the fixed packages on the first page, with the total over three years beneath.
Maya Thornbury: And our auditors want to see the sign-on part. SAML, no extras.
Marcus Bell: It is in every edition, I will mark the line. Shall we take half an hour and go through it?
Maya Thornbury: After two in the afternoon suits me.
Marcus Bell: Booked. If anything moves, use the link in the invitation; I will not be offended.""",
    "Marcus agreed to show set-up packages up front for the CFO. Half an hour booked for the quote.",
    ("Quote", "Set-up fees", "Single sign-on"),
)

AUDIT = Words(
    """\
Bot: Welcome to the security desk. Reports, questionnaires, or a question of your own?
Maya Thornbury: A question of our auditors'. They ask it in capital letters.
Bot: I can take capital letters.
Maya Thornbury: WHO CAN READ OUR SHIPMENT DATA.
Bot: Nobody by default. Support asks for a grant that you can see and that ends by itself after eight hours.
Maya Thornbury: And the backups?
Bot: Same region, other keys. A restore is rehearsed every week, into an empty region.
Maya Thornbury: They will want to see a report of that.
Bot: It is in the security pack. Would you like me to open it at the right page?""",
    "",
    ("Data access", "Backups"),
)

KIRIYA_SWITCH = Words(
    """\
Bot: 桐谷様、夜遅くにありがとうございます。導入相談デスクです。
桐谷 美緒: 明日の朝会で説明するので、最後の確認をさせてください。
Bot: もちろんです。どの点が気になりますか。
桐谷 美緒: 切り替え当日、うちの倉庫は24時間動いています。止められません。
Bot: 止めずに切り替えられます。夜勤の方から使い始めるのがおすすめです。
桐谷 美緒: え、夜勤からですか。普通は逆では。
Bot: 夜はトラックが少なく、画面を見る余裕があります。朝には動いている画面を日勤の方にお渡しできます。
桐谷 美緒: なるほど。夜勤の班長は新しいもの好きなので、喜びそうです。
Bot: 心強いですね。班長に先生役をお願いできると、うまくいくことが多いです。
桐谷 美緒: もし途中で駄目だと思ったら？
Bot: 最終週までは、どの朝でも元の表に戻れます。毎晩、今と同じ形式で書き出します。
桐谷 美緒: それが一番聞きたかったことです。チェックリストはありますか。
Bot: こちらです。当日の連絡先を書き込む欄もあります。
桐谷 美緒: ダウンロードしました。次の打ち合わせもよろしくお願いします。
Bot: 戸田に伝えておきます。明日の朝会、うまくいきますように。""",
    "24時間稼働の倉庫を止めずに切り替える方法を確認。夜勤から始める案に前向き。明朝の会議で社内説明の予定。",
    ("切り替え計画", "夜勤", "教育"),
)

KIRIYA_PRICE = Words(
    """\
Bot: 料金ページをご覧いただきありがとうございます。概算をお出ししましょうか。
桐谷 美緒: お願いします。計画担当が26名、拠点は3か所です。
Bot: 3拠点とも需要予測をお使いになりますか。
桐谷 美緒: 使うのは本社倉庫だけです。ほかの2つは毎日ほぼ同じ荷物なので。
Bot: でしたら2拠点は標準プランで十分です。全体で2割ほどお安くなります。
桐谷 美緒: 正直に言ってくださるんですね。
Bot: 使わない機能は、あとで必ず話題になりますから。
桐谷 美緒: たしかに。見積書の形でいただけますか。
Bot: 担当の戸田からお送りします。短い打ち合わせもご用意できますが、いかがでしょう。
桐谷 美緒: 午前中でお願いします。
Bot: 午前10時で承りました。招待メールから変更もできます。""",
    "26名・3拠点の概算。需要予測は本社倉庫のみ。見積書を希望し、戸田との打ち合わせを予約。",
    ("ユーザー料金", "プランの組み合わせ", "見積書"),
)

KIRIYA_AGENT = Words(
    """\
戸田 みずき: 桐谷様、戸田です。ここまでの内容は拝見しました。
桐谷 美緒: ありがとうございます。基幹が自社開発なのですが、つながりますか。
戸田 みずき: 夜間のファイルが出せれば大丈夫です。固定長でしょうか。
桐谷 美緒: はい、固定長です。しかも漢字の文字コードが二種類混ざっています。
戸田 みずき: よくあります。行ごとに見分けて読み込めます。
桐谷 美緒: 本当ですか。前の会社さんには断られました。
戸田 みずき: 1日分いただければ、打ち合わせまでに試しておきます。
桐谷 美緒: すぐ送ります。うまくいったら、うちの情シスが泣いて喜びます。
戸田 みずき: 泣かせないように頑張ります。""",
    "自社開発の基幹（固定長、文字コード混在）との連携を相談。1日分のデータで事前検証することになった。",
    ("基幹システム連携", "文字コード"),
)

KIRIYA_SECURITY = Words(
    """\
Bot: セキュリティ相談窓口です。資料、チェックシート、ご質問、どれでもどうぞ。
桐谷 美緒: 情報システム部から質問を預かってきました。まず、データは国内に置けますか。
Bot: はい、大阪リージョンをお選びください。バックアップも同じ地域です。
桐谷 美緒: 御社の方が中を見ることはありますか。
Bot: お客様の許可がある場合だけ、8時間に限って閲覧します。記録も残ります。
桐谷 美緒: その記録はこちらでも見られますか。
Bot: はい、監査ログでご覧になれます。画面の例をお見せしましょうか。""",
    "",
    ("データ保管場所", "監査資料"),
)

KAZAMI_CARRIERS = Words(
    """\
Bot: 連携サービス検索です。どのシステムをつなぎたいですか。
風見 颯太: 運送会社です。18社あって、2社は今もFAXなんです。
Bot: 16社は一覧にあればすぐつながります。FAXの2社は読み取り機能でお試しください。
風見 颯太: 手書きの「7」と「1」が見分けられますか。
Bot: 自信がない文字は黄色く表示して、人に確認をお願いします。勝手に決めません。
風見 颯太: それなら安心です。前のシステムは1を7と読んで、トラックが7台来ました。
Bot: 1台の予定だったのですね。
風見 颯太: はい。駐車場が祭りのようでした。
Bot: お気持ちお察しします。技術担当の天野におつなぎしましょうか。
風見 颯太: お願いします。""",
    "運送会社18社（うち2社はFAX）との連携を確認。読み取りの確認手順に関心。天野へ引き継ぎ。",
    ("運送会社連携", "読み取り機能"),
)

KAZAMI_AGENT = Words(
    """\
天野 健司: 風見様、天野です。7台の件、社内でも語り継がせていただきます。
風見 颯太: ぜひ供養してください。一覧はもう送ってあります。
天野 健司: 拝見しました。14社は設定済み、2社は今週中に追加できます。
風見 颯太: 早いですね。FAXの2社は？
天野 健司: 先月分を20枚ほどいただければ、読み取りの精度をお見せします。
風見 颯太: 用意します。午後に結果を聞けますか。
天野 健司: 13時半でいかがでしょう。画面を見ながらご説明します。
風見 颯太: それでお願いします。""",
    "16社は設定可能。FAX2社は見本20枚で精度を確認し、打ち合わせで結果を報告する。",
    ("運送会社連携", "精度検証"),
)

KAZAMI_TRIAL = Words(
    """\
Bot: トライアルの準備ができました。最初の3ステップをご案内しましょうか。
風見 颯太: 休みの日にすみません。家のパソコンで触ってみたくて。
Bot: もちろんです。サンプルの工場に、トラックが12台向かっています。
風見 颯太: 1台を遅らせたらどうなりますか。
Bot: やってみましょう。3号車を40分遅らせました。影響する便が赤く出ています。
風見 颯太: 案が2つ出ました。入れ替えるか、待つか。
Bot: どちらも選ばなければ、何も動きません。
風見 颯太: これは現場の人が好きな考え方です。明日、班長に見せます。
Bot: 招待はメール1通で届きます。よい休日をお過ごしください。""",
    "休日にトライアルを操作。遅延時の2案の提示を高く評価し、翌日現場の班長に見せる予定。",
    ("無料トライアル", "配車計画"),
)

LAYLA = Words(
    """\
Bot: مرحبًا ليلى، كيف يمكنني مساعدتك؟
ليلى عبد الرحمن الحداد: أبحث عن لوحة أرصفة تعمل من اليمين إلى اليسار.
Bot: اللوحة كلها تدعم العربية، بما في ذلك أرقام الشاحنات مثل KL-4711.
ليلى عبد الرحمن الحداد: ممتاز. كم رصيفًا يظهر في شاشة واحدة؟
Bot: حتى 60 رصيفًا، ثم تتبدل الصفحات تلقائيًا.
ليلى عبد الرحمن الحداد: شكرًا، هذا ما كنت أحتاج إليه.""",
    "تسأل عن لوحة الأرصفة باللغة العربية وعدد الأرصفة في الشاشة.",
    ("العربية", "Dock Board"),
)
