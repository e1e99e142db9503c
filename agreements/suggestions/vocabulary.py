"""Words of documents that stand for the choices of a record's fields, in English and Vietnamese.

Each table gives patterns over folded text, parted by semicolons, by the choice that they stand
for. Of all that match the first in the text counts, and of those that begin together the longest.
"""

import re

Cues = list[tuple[str, re.Pattern[str]]]


def _cues(table: dict[str, str]) -> Cues:
    return [(value, re.compile(_any_of(text))) for value, text in table.items()]


def _any_of(text: str) -> str:
    patterns = (" ".join(each.split()) for each in text.split(";"))
    return rf"(?<!\w)(?:{'|'.join(patterns)})(?!\w)"


# These settle the matter wherever in the words they stand.
CALLED_OFF = _cues(
    {
        "postponed": r"postponed; put off; hoãn; tạm hoãn; lùi lại; tạm dừng",
        "cancelled": r"cancell?ed; called off; scrapped; hủy bỏ; huỷ bỏ; bị hủy; bị huỷ",
    }
)
ACTIVITY_STATUS = _cues(
    {
        "planned": r"""
            (?<!strong )(?<!political )will(?! of); plans? (?:to|for|on); planned; planning to;
            is due to; are due to; (?:is|are) scheduled; scheduled (?:for|to); expected to;
            slated; to be (?:held|conducted|hosted|organi[sz]ed); upcoming; forthcoming;
            agreed (?:to|on) (?:\w+ ){0,2}?(?:hold|conduct|host)(?:ing)?;
            agreed (?:to|on) (?:\w+ ){0,2}?(?:organi[sz]|conven)(?:e|ing);
            looks? forward to; propos(?:ed|es) (?:to|holding); aims? to; intends? to; sẽ; dự kiến;
            kế hoạch; sắp; chuẩn bị; thống nhất (?:\w+ ){0,2}?(?:tổ chức|tiến hành|hoạt động)
        """,
        "ongoing": r"""
            (?:is|are) under ?way; (?:is|are) taking place; ongoing; (?:is|are) being held;
            (?:is|are) deployed;
            (?:has|have) been (?:actively )?(?:engaged|sharing|conducting|holding);
            (?:has|have) engaged in; đang diễn ra; đang tiến hành; đang được
        """,
        "held": r"""
            held; holds; took place; takes place; convened; convenes; met; meets(?: with)?;
            conclude[ds]; wrapped up; wraps up; (?:co-)?host(?:ed|s); conducted; conducts;
            carried out; completed; organi[sz]ed; visited; paid; pays; attended; arrived; arrives;
            docked; participated; joined; received; receives; welcomed; welcomes; called on;
            discussed; opened; kicked off; kicks off; launched; (?:has|have) sent; sent;
            dispatched; trained; exchanged; staged; made (?:a|an) (?:\w+ )?(?:visit|call);
            (?<!sẽ )(?<!kiến )diễn ra; bế mạc; khai mạc;
            đã (?:\w+ ){0,3}?(?:tổ chức|tiến hành|thăm|gặp|hội đàm|ký|cập|tham gia|tham dự);
            đã (?:\w+ ){0,3}?(?:phối hợp|hoàn thành|kết thúc|tiếp|đón|đến|dự|có|phái)
        """,
    }
)
# In these sides agree on what they will do together; of a meeting they tell what came of it.
ACTIVITY_STATUS_OF_EXERCISE = _cues(
    {
        "planned": r"""
            (?:agreed|pledged|vowed|committed) to+; nhất trí (?:sẽ|tăng cường|phối hợp|đẩy mạnh)
        """,
    }
)
# The same word stands in a report and in a plan: "hai bên tổ chức", "việc tổ chức".
ACTIVITY_STATUS_BY_MERE_VERB = _cues(
    {
        "held": r"""
            hold; meets?; visits?; calls? on; tổ chức; cập cảng; kết thúc; hội đàm; đón; thăm;
            tiếp(?! tục| theo| cận); chào xã giao; tham dự; tham gia
        """,
    }
)
AGREEMENT_STATUS = _cues(
    {
        "under-negotiation": r"""
            negotiat\w+; drafting; under discussion; (?:will|to|would) (?:be )?sign(?:ed)?;
            plans? to sign; expected to (?:be )?sign(?:ed)?;
            (?:push(?:ing)? for|coordinate|towards? |preparing) the signing; đàm phán;
            thương lượng; soạn thảo;
            (?:sẽ|dự kiến|sắp|tiến tới|hướng tới|xúc tiến|thúc đẩy)(?: việc)?(?: sớm)? ký(?: kết)?
        """,
        "in-force": r"""
            (?:entered|entry|came|comes?) into (?:force|effect); took effect; takes effect;
            (?:is|are|remains?) in (?:force|effect); có hiệu lực
        """,
        "terminated": r"terminat\w+; expired; abrogated; withdrew from; chấm dứt; hết hiệu lực",
        "superseded": r"replaced by; superseded; thay thế",
        "signed": r"""
            signed; signs?; signing; inked; inks; concluded; re-?signed; renewed; initialled;
            established; issued; adopted; ra tuyên bố; đưa ra; ký kết;
            (?<!thư )(?<!đăng )(?<!chữ )(?<!nhật )ký; thiết lập; nâng cấp quan hệ
        """,
    }
)
LEVEL = _cues(
    {
        "high-level": r"high[- ]level; senior[- ]level; top[- ]level; cấp cao",
        "working": r"""
            working[- ]level; expert[- ]level; technical[- ]level; working group;
            experts' meeting; cấp chuyên viên; cấp làm việc; cấp chuyên gia; nhóm công tác chung
        """,
        "regional": r"""
            (?:sub-?)?regional[- ](?:level|commands?); sub-regional level; cấp vùng; cấp khu vực;
            bộ tư lệnh vùng
        """,
        "minister": r"ministerial(?:-level)?; ministers'; cấp bộ trưởng",
    }
)
# What the posts of those who took part say of the level, the highest first.
POSTS = _cues(
    {
        "head-of-state": r"""
            (?<!vice )(?<!vice-)president; state president; king; sultan; emperor; chủ tịch nước;
            tổng thống; quốc vương; quốc vương
        """,
        "head-of-government": r"prime ministers?; premier; thủ tướng",
        "minister": r"""
            (?<!prime )(?<!deputy )(?<!vice )(?<!vice-)ministers?(?: of [\w ]+?)?;
            defen[cs]e secretary; secretary of (?:state|defense); (?<!thứ )bộ trưởng
        """,
        "high-level": r"""
            (?:vice |deputy )?commandants?; (?:deputy )?commanders?; commissioner general;
            director[- ]general; vice ministers?; deputy ministers?; (?:rear |vice )?admiral;
            phó tư lệnh; (?<!bộ )(?<!phó )tư lệnh; (?:phó )?tổng cục trưởng; thứ trưởng;
            tham mưu trưởng
        """,
    }
)
MODALITY = _cues(
    {
        "online": r"""
            (?:via|by) video(?: ?conference| ?link| call)?; video ?conferenc\w+; video call;
            teleconference; tele-?conference; virtual(?:ly)?; online; by (?:tele)?phone;
            phone (?:call|talks); telephone (?:call|talks); trực tuyến; điện đàm; cầu truyền hình
        """,
        "in-person": r"in person; in-person; face[- ]to[- ]face; trực tiếp",
    }
)
INSTRUMENT = _cues(
    {
        "hotline-arrangement": r"""
            hotlines?(?: (?:regulations?|agreements?|arrangements?))?; đường dây nóng
        """,
        "letter-of-intent": r"letters? of intent; ý định thư; thư bày tỏ ý định",
        "memorandum-of-understanding": r"""
            memorand(?:um|a|ums)(?: of (?:understanding|cooperation|agreement))?; mous?; moc;
            (?:biên )?bản ghi nhớ
        """,
        "protocol": r"protocols?; nghị định thư",
        "joint-statement": r"""
            joint (?:statement|declaration|communiqu[eé]|vision statement|press statement)s?;
            tuyên bố chung; thông cáo chung
        """,
        "treaty": r"treat(?:y|ies); hiệp ước",
        "diplomatic-relations": r"""
            (?:establish\w*|establishment of) (?:full )?diplomatic (?:relations|ties);
            thiết lập quan hệ ngoại giao
        """,
        "partnership": r"(?:strategic|comprehensive) (?:\w+ )?partnership; đối tác chiến lược",
        "agreement": r"""
            agreements?; accords?; pacts?; arrangements?; hiệp định; th[oỏ][aả] thuận; thỏa ước
        """,
    }
)
AMBIT = _cues(
    {
        "bilateral": r"bilateral; song phương; hai bên; the two sides; both sides",
        "multilateral": r"multilateral; trilateral; đa phương; ba bên",
    }
)
BINDING = _cues(
    {
        "no": r"(?:non|not)[- ](?:legally[- ])?binding; không (?:mang tính )?ràng buộc",
        "yes": r"legally[- ]binding; ràng buộc (?:về )?pháp lý",
    }
)
ACTIVITY = _cues(
    {
        "joint-patrol": r"""
            (?:joint|coordinated|combined) (?:\w+ ){0,2}?patrol(?:s|ling)?;
            patrol(?:led)? (?:jointly|together); patrols?;
            tuần tra(?: (?:chung|liên hợp|song phương|phối hợp|liên hợp))?;
            liên hợp (?:kiểm tra|tuần tra)
        """,
        "joint-law-enforcement": r"""
            (?:joint|coordinated|simultaneous) (?:maritime )?law[- ]enforcement(?: \w+)?;
            synchroni[sz]ed (?:maritime )?law[- ]enforcement(?: \w+)?;
            joint (?:boarding|inspection|interdiction)s?; kiểm tra liên hợp;
            (?:phối hợp|cùng) thực thi pháp luật
        """,
        "search-and-rescue-drill": r"""
            search[- ]and[- ]rescue (?:\w+ )?(?:drill|exercise|training|exchange|simulation)s?;
            joint search[- ]and[- ]rescue (?:\w+ )?(?:drill|exercise|training|exchange)s?;
            \(?sar\)? (?:drill|exercise|training)s?;
            (?:diễn tập|huấn luyện|luyện tập|thực hành)[^.,]{0,40}?tìm kiếm,? cứu nạn;
            (?:diễn tập|huấn luyện|luyện tập|thực hành)[^.,]{0,40}?(?:cứu nạn|cứu hộ)
        """,
        "joint-training": r"""
            (?:joint|combined|bilateral|trilateral) (?:\w+ ){0,2}?(?:training|exercises?|drills?);
            (?:joint|combined) (?:\w+ ){0,2}?man(?:oeuvre|euver)s?;
            (?:maritime|naval) (?:\w+ )?(?:training|exercises?|drills?);
            passex; passing exercise; (?:exercises?|drills?)(?! caution); trained together;
            diễn tập; luyện tập; huấn luyện chung; phối hợp (?:huấn luyện|luyện tập)
        """,
        "ship-visit": r"""
            (?:ship|port|vessel|goodwill|friendship|courtesy)[- ](?:visits?|calls?);
            visits? by (?:\w+ ){0,4}?(?:ships?|vessels?);
            (?:ships?|vessels?|cutters?|patrol ships?) (?:to visit|(?:visit|dock|call|arriv)\w*);
            docked; docks; arrived (?:at|in) (?:\w+ ){0,4}?(?:port|harbou?r|bay); anchored;
            cập cảng; cập bến; tàu[^.]{0,80}?thăm; đón tàu; thăm[^.]{0,30}?cảng
        """,
        "unit-visit": r"""
            (?:visit(?:ed|s)?|toured?) (?:\w+ ){0,5}?(?:units?|stations?|headquarters|bases?);
            (?:visit(?:ed|s)?|toured?) (?:\w+ ){0,5}?(?:facilit(?:y|ies)|academy|shipyard);
            thăm (?:\w+ ){0,3}?(?:đơn vị|trụ sở|cơ sở|căn cứ|trạm|học viện|nhà máy)
        """,
        "training-course": r"""
            training (?:\w+ )?(?:courses?|program(?:me)?s?|workshops?|classes);
            (?:\w+ )?courses? on; (?:boarding|short) course; workshops?; seminars?;
            (?:khóa|khoá|lớp) (?:học|huấn luyện|đào tạo|tập huấn|bồi dưỡng); tập huấn; hội thảo
        """,
        "exchange-programme": r"""
            (?:\w+ )?exchange (?:program(?:me)?s?|activit(?:y|ies)|visits?);
            exchanges? of (?:delegations?|officers); delegation exchanges?;
            people-to-people exchanges?; and friends; chương trình giao lưu; giao lưu;
            trao đổi đoàn; và những người bạn
        """,
        "liaison-deployment": r"""
            liaison officers?; (?:is|was|are|were|been) (?:deployed|posted|seconded|attached) to;
            sĩ quan liên lạc; biệt phái
        """,
        "information-exchange": r"""
            information[- ](?:sharing|exchange);
            (?:exchang|shar)(?:e|ed|es|ing) (?:of )?(?:\w+ )?(?:information|data|details);
            data exchange; exchanges? of (?:information|data); (?:trao đổi|chia sẻ) thông tin
        """,
        "capacity-building": r"""
            capacity[- ]building; building (?:the )?capacity; donat(?:ed|es|ion); handed over;
            transferred; chuyển giao;
            hand(?:s|ing)? over; turned over; nâng cao năng lực; bàn giao; viện trợ; tặng
        """,
        "peacekeeping": r"peacekeeping; gìn giữ hòa bình; gìn giữ hoà bình",
    }
)
# A past tense that says at least that it has been.
PAST = re.compile(
    r"(?<!\w)(?:was|were|had|agreed|took|gave|made|came|went|saw|began|ended|focused|aimed|marked"
    r"|featured|included|provided|practi[sc]ed|rehearsed|worked|sailed|shared|đã|vừa)(?!\w)"
)
SINCE = re.compile(r"(?:\bsince|\bkể từ|\btừ)\s+\Z")

# Those of whom the text has told before; the first group is theirs as states.
BOTH_SIDES = re.compile(
    r"(?<!\w)(?:(?:the|both|these)\s+(?:two\s+)?|two\s+|hai\s+)"
    r"(?:(?P<states>countries|nations|states|nước|quốc gia)"
    r"|sides|forces|coast guards|agencies|parties|navies|bên|lực lượng)(?!\w)|(?<!\w)they(?!\w)"
)

# What a meeting or an activity with a number is called, and what else has one.
NUMBERED = (
    r"(?:meetings?|conference|talks|dialogues?|rounds?|sessions?|consultations?|summit|forum"
    r"|edition|exercises?|drills?|patrols?|visits?|exchanges?|time|workshops?|seminar|course"
    r"|iteration|gathering)"
)
NOT_NUMBERED = (
    r"(?:anniversary|century|birthday|fleet|regions?|districts?|division|army|day|floor|largest)"
)
# What is counted where one record stands for many.
COUNTED_ENGLISH = (
    r"(?:ships?|vessels?|boats?|cutters?|patrols?|visits?|calls|exercises?|drills?|courses?"
    r"|exchanges?|program(?:me)?s?|workshops?|seminars?|rounds?|times|trips?|missions?|meetings?"
    r"|classes)"
)
COUNTED_VIETNAMESE = (
    r"(?:(?:lượt\s+|chiếc\s+)?tàu|chuyến(?:\s+(?:thăm|tuần tra|công tác))?|cuộc|đợt|khóa|khoá"
    r"|lần|lượt|lớp)"
)
VAGUE = r"several|many|numerous|dozens of|a number of|multiple|nhiều|một số|hàng chục"
