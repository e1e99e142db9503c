"""Invented records, and others that are of the same event or only look like it.

Each row of TWINS is a record as one source tells of it, and as another does. Each of OTHERS is a
record of an event that none of them is of, though it resembles one.
"""

from typing import Any

from agreements.dates import PartialDate
from agreements.likeness import Candidate

# Country, kind and names: English, Vietnamese, acronym.
FORCES = {
    "vcg": ("VN", "Vietnam Coast Guard", "Cảnh sát biển Việt Nam", "VCG"),
    "jcg": ("JP", "Japan Coast Guard", "Lực lượng Bảo vệ bờ biển Nhật Bản", "JCG"),
    "ccg": ("CN", "China Coast Guard", "Hải cảnh Trung Quốc", "CCG"),
    "kcg": ("KR", "Korea Coast Guard", "Cảnh sát biển Hàn Quốc", "KCG"),
    "pcg": ("PH", "Philippine Coast Guard", "Tuần duyên Philippines", "PCG"),
    "icg": ("IN", "Indian Coast Guard", "Lực lượng Bảo vệ bờ biển Ấn Độ", "ICG"),
    "uscg": ("US", "United States Coast Guard", "Lực lượng Tuần duyên Hoa Kỳ", "USCG"),
    "bakamla": ("ID", "Bakamla", "Cơ quan An ninh Hàng hải Indonesia", "BAKAMLA"),
    "mmea": ("MY", "Malaysian Maritime Enforcement Agency", "Cảnh sát biển Malaysia", "MMEA"),
    "vpn": ("VN", "Vietnam People's Navy", "Hải quân nhân dân Việt Nam", "VPN"),
    "usn": ("US", "United States Navy", "Hải quân Hoa Kỳ", "USN"),
    "rokn": ("KR", "Republic of Korea Navy", "Hải quân Hàn Quốc", "ROKN"),
    "vmnd": ("VN", "Ministry of National Defence", "Bộ Quốc phòng Việt Nam", "MND"),
    "jmod": ("JP", "Ministry of Defense of Japan", "Bộ Quốc phòng Nhật Bản", "MOD"),
}
Told = dict[str, Any]


def told(kind: str, title: str, date: str, sides: str, **more: Any) -> Told:
    """A record: its sides are slugs of forces and codes of countries, parted by spaces."""
    return {"kind": kind, "title": title, "date": date, "sides": sides, **more}


def candidate(row: Told) -> Candidate:
    """The record of a row, not saved."""
    values = dict(row)
    named = values.pop("sides").split()
    values.pop("status", None)
    date = values.pop("date")
    return Candidate(
        date=PartialDate(date) if date else None,
        countries={FORCES[each][0] if each in FORCES else each for each in named},
        forces={each for each in named if each in FORCES},
        **values,
    )


def meeting(*args: str, **more: Any) -> Told:
    return told("meeting", *args, **more)


def exercise(*args: str, activity: str = "joint-training", **more: Any) -> Told:
    return told("exercise", *args, activity=activity, **more)


def agreement(*args: str, **more: Any) -> Told:
    return told("agreement", *args, **more)


MEMORANDUM = "memorandum-of-understanding"
SAR = "search-and-rescue-drill"
MANY = "US GB FR DE IT ES NL BE DK NO PT GR TR CA PL RO BG EE LV LT SE FI"

TWINS: list[tuple[Told, Told]] = [
    # The same language, other words.
    (
        meeting("Talks of the Vietnam and Korea coast guards in Busan", "2021-03-09", "vcg kcg"),
        meeting("VCG–KCG working meeting, Busan", "2021-03-09", "vcg kcg", level="working"),
    ),
    (
        meeting("Seventh high-level meeting of the VCG and the KCG", "2022-06-14", "vcg kcg"),
        meeting("7th annual high-level talks", "2022-06", "VN KR", level="high-level"),
    ),
    (
        meeting("Commandant of the Philippine Coast Guard visits Hanoi", "2019-08", "pcg vcg"),
        meeting("Visit of the PCG Commandant to Vietnam", "2019-08-20/2019-08-23", "pcg vcg"),
    ),
    (
        meeting("Indian Coast Guard delegation calls on the VCG", "2018-05-02", "icg vcg"),
        meeting("Courtesy call of an Indian delegation", "2018-05-02", "IN vcg"),
    ),
    (
        meeting("Maritime security dialogue of Vietnam and the United States", "2020", "VN US"),
        meeting("Vietnam–United States dialogue on maritime security", "2020-10-06", "VN US"),
    ),
    (
        meeting("Defence ministers of Japan and Vietnam meet", "2017-11-06", "vmnd jmod"),
        meeting("Japanese and Vietnamese defence ministers hold talks", "2017-11-06", "VN JP"),
    ),
    (
        meeting("Meeting of heads of Asian coast guards", "2016-10-24/2016-10-27", "JP ID VN IN"),
        meeting("Heads of coast guards meet in Jakarta", "2016-10", "ID JP VN IN KR"),
    ),
    (
        meeting("Planned talks of the VCG and Bakamla", "2023", "vcg bakamla", status="planned"),
        meeting("Bakamla and the VCG hold talks", "2023-04-17", "vcg bakamla"),
    ),
    # English and Vietnamese.
    (
        meeting("Third conference of the VCG and the ICG", "2019-07-11", "vcg icg"),
        meeting(
            "Hội nghị lần thứ ba giữa Cảnh sát biển Việt Nam và Bảo vệ bờ biển Ấn Độ",
            "2019-07-11",
            "vcg icg",
        ),
    ),
    (
        meeting("High-level talks of the Vietnam and Malaysia forces", "2022-02-22", "vcg mmea"),
        meeting("Hội đàm cấp cao Cảnh sát biển Việt Nam - Malaysia", "2022-02-22", "vcg MY"),
    ),
    (
        exercise("Ship THEMIS-2 visits Haiphong", "2015-06", "kcg vcg", activity="ship-visit"),
        exercise(
            "Tàu Themis-2 của Hàn Quốc thăm Hải Phòng",
            "2015-06-03/2015-06-06",
            "kcg VN",
            activity="ship-visit",
        ),
    ),
    (
        exercise("Search-and-rescue drill off Vung Tau", "2017-06-16", "jcg vcg", activity=SAR),
        exercise(
            "Diễn tập tìm kiếm cứu nạn với Nhật Bản ngoài khơi Vũng Tàu",
            "2017-06-16",
            "JP vcg",
            activity=SAR,
        ),
    ),
    (
        exercise(
            "Joint patrol of fishing grounds", "2020-04-21", "vcg ccg", activity="joint-patrol"
        ),
        exercise(
            "Tuần tra liên hợp nghề cá Việt Nam - Trung Quốc",
            "2020-04-21/2020-04-23",
            "VN CN",
            activity="joint-law-enforcement",
        ),
    ),
    (
        agreement("Memorandum of the VCG and Bakamla", "2021-12", "vcg bakamla"),
        agreement(
            "Bản ghi nhớ giữa Cảnh sát biển Việt Nam và Bakamla",
            "2021-12-28",
            "vcg bakamla",
            instrument=MEMORANDUM,
        ),
    ),
    (
        agreement(
            "Memorandum on maritime law enforcement",
            "2013-09-05",
            "vcg icg",
            title_as_given="Memorandum of Understanding on Maritime Law Enforcement",
        ),
        agreement(
            "Vietnam and India sign a memorandum",
            "2013-09",
            "VN IN",
            instrument=MEMORANDUM,
        ),
    ),
    # Days that are known in part.
    (
        exercise("TEAM SWORDFISH", "1984-03-XX", "US KR"),
        exercise("Team Swordfish 84", "1984-03-01/1984-04-15", "usn rokn"),
    ),
    (
        exercise("Exercise Blue Lantern", "1991", "US PH"),
        exercise("Blue Lantern 91", "1991-05-XX", "US PH"),
    ),
    (
        exercise("NORTHERN GALE 1987", "1987-09-XX", MANY),
        exercise("Northern Gale", "1987-09-01/1987-09-20", MANY.removesuffix(" SE FI") + " IS"),
    ),
    (
        exercise(
            "Kojin visits Cam Ranh", "XXXX-04-12/XXXX-04-15", "jcg vcg", activity="ship-visit"
        ),
        exercise("Port call of the Kojin", "2016-04-12", "jcg vcg", activity="ship-visit"),
    ),
    (
        exercise("Course on boarding for Vietnamese officers", "", "uscg vcg"),
        exercise("Boarding officers' course", "2018-08", "uscg vcg", activity="training-course"),
    ),
    (
        exercise("Joint drill on oil spills", "2012~", "PH JP ID"),
        exercise("Oil spill drill MARPOLEX", "2012-06", "PH JP ID"),
    ),
    (
        exercise("Firefighting drill at sea", "2014-07-08?", "vcg bakamla", activity=SAR),
        exercise("Fire fighting exercise", "2014-07-09", "vcg bakamla", activity=SAR),
    ),
    (
        agreement("Hotline between the Vietnamese and Philippine coast guards", "2011", "vcg pcg"),
        agreement(
            "Agreement on a hotline",
            "2011-10-26",
            "vcg pcg",
            instrument="hotline-arrangement",
        ),
    ),
    (
        agreement("Agreement on fisheries in the gulf", "2000-12-25", "VN CN"),
        agreement("Agreement on fishery cooperation", "2000-12", "VN CN", instrument="agreement"),
    ),
    # Numbers in a series.
    (
        meeting("Ninth round of talks", "", "vcg jcg", series="talks", ordinal=9),
        meeting("Cuộc họp lần thứ 9", "2022", "VN JP", series="talks", ordinal=9),
    ),
]

OTHERS: list[Told] = [
    # The next one, or the one before.
    meeting("Eighth high-level meeting of the VCG and the KCG", "2022-06", "vcg kcg"),
    meeting("Fourth conference of the VCG and the ICG", "2019", "vcg icg"),
    meeting("Talks of the Vietnam and Korea coast guards in Busan", "2021-03-10", "vcg kcg"),
    meeting("Tenth round of talks", "2022", "vcg jcg", series="talks", ordinal=10),
    exercise("TEAM SWORDFISH", "1985-03-XX", "US KR"),
    exercise("Exercise Blue Lantern", "1992", "US PH"),
    exercise("NORTHERN GALE 1988", "1988-09-XX", MANY),
    # Others on the same days.
    exercise("COPE TIGER", "1984-03-XX", "US KR"),
    exercise("Foal Runner", "1984-03-XX", "usn rokn"),
    exercise("Quiet Harbour 91", "1991-05-XX", "US PH"),
    exercise("Exercise of two navies", "1987-09-XX", "US GB"),
    exercise("Bright Anchor", "1987-09-10/1987-09-14", "NO DK SE"),
    exercise("Ship ISUZU visits Da Nang", "2016-04", "jcg vcg", activity="ship-visit"),
    exercise("Ship TAEPYEONGYANG visits Haiphong", "2015-06-20", "kcg vcg", activity="ship-visit"),
    exercise("Seminar on boarding", "2018-08", "PH uscg", activity="training-course"),
    exercise("Joint patrol of fishing grounds", "2020-04-29", "vcg ccg", activity="joint-patrol"),
    exercise("Course on law for officers", "2018-02", "uscg vcg", activity="training-course"),
    exercise(
        "Liaison officer posted to Tokyo", "2017-06", "jcg vcg", activity="liaison-deployment"
    ),
    # Others of the same days and countries, of other forces or at another level.
    meeting("Chiefs of the navies meet", "2021-03-09", "vpn rokn"),
    meeting("Prime ministers meet", "2017-11-06", "VN JP", level="head-of-government"),
    meeting("Navies of Vietnam and the United States hold staff talks", "2020-10", "vpn usn"),
    meeting("Summit of Vietnam and Malaysia", "2022-02-22", "VN MY", level="head-of-state"),
    meeting("Consultation on consular affairs of Vietnam and India", "2018-05-02", "VN IN"),
    # Others between the same, long before.
    meeting("High-level talks of the Vietnam and Malaysia forces", "2019-02-22", "vcg mmea"),
    meeting("Commandant of the Philippine Coast Guard visits Hanoi", "2012-08", "pcg vcg"),
    agreement("Memorandum of the VCG and Bakamla", "2017-08", "vcg bakamla", instrument=MEMORANDUM),
    agreement("Treaty of friendship", "2000-12-25", "VN CN", instrument="partnership"),
    agreement("Agreement on the border in the gulf", "2001-03", "VN CN", instrument="treaty"),
    agreement(
        "Joint statement of Vietnam and India", "2013-09", "VN IN", instrument="joint-statement"
    ),
    agreement("Protocol on extradition", "2011-10", "VN PH", instrument="protocol"),
    agreement(
        "Letter of intent on white shipping", "2013-09-05", "vpn IN", instrument="letter-of-intent"
    ),
    # Not known when.
    meeting("Delegation of the coast guard visits a shipyard", "", "vcg kcg"),
    exercise("Donation of patrol boats", "", "jcg vcg", activity="capacity-building"),
    exercise("Exchange of young officers", "", "uscg vcg", activity="exchange-programme"),
    agreement("Cooperation document on pollution", "", "vcg pcg", instrument=MEMORANDUM),
]
