"""Ranks, posts and forms of address that stand before the name of a person."""

from __future__ import annotations

# Parted by semicolons, without the full stops of abbreviations, which may follow each word.
_ENGLISH = """
    Fleet Admiral; Vice Admiral; Rear Admiral; First Admiral; Flag Officer; Admiral; Commodore;
    Maritime Vice Admiral; Maritime Rear Admiral; Maritime First Admiral; Maritime Admiral;
    Maritime Captain; Maritime Commander; Captain; Commander; Lieutenant Commander;
    Lieutenant Colonel; Lieutenant General; Lieutenant Junior Grade; Second Lieutenant;
    First Lieutenant; Sub-Lieutenant; Lieutenant; Ensign; Midshipman; Senior Colonel; Colonel;
    Major General; Major; Brigadier General; Brigadier; General; Sergeant Major; Sergeant;
    Chief Petty Officer; Petty Officer; Senior Chief Petty Officer; Master Chief Petty Officer;
    Chief Warrant Officer; Superintendent; Chief Superintendent; Commissioner General;
    Inspector General; Prefect General; Prefect Major; Senior General; Colonel General;
    Senior Lieutenant General; Senior Lieutenant Colonel; Laksamana Madya; Laksamana Muda;
    Laksamana Pertama; Laksamana; Kolonel; Laksma; Laksda; Laksdya; Air Marshal; Air Commodore;
    Wing Commander; Field Marshal; Surgeon Captain; Director General;
    Additional Director General; Deputy Inspector General; Commandant General; Adm; VAdm; VADM;
    V Adm; Vice Adm; RAdm; RADM; R Adm; Rear Adm; ADM; Cdre; CDRE; Cmdre; Commo; COMMO; Comdr;
    Cmdr; CMDR; Cdr; CDR; Capt; CAPT; Lt Cmdr; Lt Cdr; LCDR; LtCdr; Lt Col; LTC; LtCol; Lt Gen;
    LTG; LtGen; Lt; LT; LTJG; Lt j g; LTJG; Ens; ENS; Sr Col; Snr Col; Sen Col; Col; COL;
    Maj Gen; MajGen; MG; Maj; MAJ; Brig Gen; BrigGen; Brig; BGEN; MGEN; LTGEN; Gen; GEN; Sgt;
    CPO; PO; Sen Lt Gen; Sr Lt Gen; Snr Lt Gen; Sr Lt Col; Snr Lt Col; Dir Gen; Supt; Insp Gen
"""
_VIETNAMESE = """
    Đại tướng; Thượng tướng; Trung tướng; Thiếu tướng; Chuẩn tướng; Đại tá; Thượng tá; Trung tá;
    Thiếu tá; Đại úy; Thượng úy; Trung úy; Thiếu úy; Đại uý; Thượng uý; Trung uý; Thiếu uý;
    Thượng sĩ; Trung sĩ; Chuẩn Đô đốc; Phó Đô đốc; Đô đốc; Chuẩn úy; Tướng
"""
_POSTS = """
    Prime Minister; Deputy Prime Minister; Minister; Vice Minister; Deputy Minister;
    Defence Minister; Defense Minister; Foreign Minister; Defence Secretary; Defense Secretary;
    Foreign Secretary; State Secretary; Secretary; Undersecretary; President; Vice President;
    State President; Ambassador; Deputy Ambassador; Charge d'Affaires; Consul General;
    Commandant; Vice Commandant; Deputy Commandant; Director; Deputy Director; Chairman;
    Commissioner; Deputy Commissioner; Commander; Deputy Commander; Chief; Chief of Staff;
    Governor; Deputy Governor; Mayor; Spokesperson; Spokesman; Spokeswoman; Secretary-General;
    Director-General; Deputy Director-General; Senator; Chancellor; King; Premier; Deputy Chief;
    Attaché; Attache; Instructor; Professor; Dr; Mr; Mrs; Ms; Sir; Datuk; Dato; Tan Sri
"""
_POSTS_VIETNAMESE = """
    Tư lệnh; Phó Tư lệnh; Chính ủy; Phó Chính ủy; Bộ trưởng; Thứ trưởng; Đại sứ; Phó Đại sứ;
    Chủ tịch nước; Phó Chủ tịch nước; Chủ tịch; Phó Chủ tịch; Thủ tướng; Phó Thủ tướng;
    Tổng thống; Phó Tổng thống; Tổng Bí thư; Cục trưởng; Phó Cục trưởng; Tổng cục trưởng;
    Vụ trưởng; Giám đốc; Phó Giám đốc; Tổng Giám đốc; Hải đoàn trưởng; Hải đội trưởng;
    Thuyền trưởng; Tham mưu trưởng; Phó Tham mưu trưởng; Bí thư; Phó Bí thư; Người phát ngôn;
    Tùy viên; Tổng Tham mưu trưởng; Tùy viên Quốc phòng; Ngoại trưởng; Quốc vương; Ông; ông; Bà;
    bà; đồng chí; Đồng chí; Trưởng phòng; Chính trị viên; Chủ nhiệm; Phó Chủ nhiệm; Viện trưởng;
    Thư ký; Trung đoàn trưởng; Trưởng đoàn
"""


def _listed(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(" ".join(each.split()) for each in text.split(";")))


RANKS = _listed(_ENGLISH)
RANKS_VIETNAMESE = _listed(_VIETNAMESE)
POSTS = _listed(_POSTS)
POSTS_VIETNAMESE = _listed(_POSTS_VIETNAMESE)
