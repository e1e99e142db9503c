"""Numbers that look like dates and are none: of laws, ships, telephones, and of what is counted."""

import re

# Words that hold a number like a date's, over folded text.
NOT_DATES = re.compile(
    r"\b(?:số|no\.|nos\.|resolution|decree|directive|circular|article|section|chapter|flight|route"
    r"|regulation|room|order|hull number|pennant|nghị quyết|nghị định|thông tư|quyết định|chỉ thị"
    r"|điều|khoản|chuyến bay|phòng)\s*(?:số\s*|no\.?\s*|\([a-z]+\)\s*)?\d[\w/.-]*"
    r"|\b(?:csb|kn|plh?|kd|hq|ba|brp|w[hm]ec|wmsl|mrrv|ccg|kcg|icgs|tàu|ship|vessel|hull)"
    r"[\s-]*\d{2,5}(?!\d|\s*(?:tháng|thang|/))"
    r"|(?:tel|fax|phone|mobile|hotline|đt|điện thoại|dien thoai|đường dây nóng|call)\s*\.?:?\s*"
    r"[+(]?\d[\d\s.()-]{5,}"
    r"|\+\d{1,3}[\d\s.()-]{6,}|\(0\d{1,3}\)\s?[\d\s.-]{5,}"
    r"|\b(?:counter|views?|hits|release id|lượt xem|lượt đọc|mã số|id)\s*:?\s*\d[\d.,]*"
    r"|[$€£¥]\s*\d[\d.,]*"
    r"|(?:hoạt động|liên tục|trực|hỗ trợ|suốt|phục vụ|sẵn sàng|hoat dong|truc|ho tro)"
    r"[^.,;]{0,20}?\s24/7|\b24/24\b"
    r"|\d{1,2}(?::|h\s?)\d\d\b"
)
_LAW = r"(?:Act|Law|Bill|Code(?! of Conduct)|Ordinance|Charter|Regulations?|Rules|Convention|UNCLOS"
_LAW += r"|SOLAS|MARPOL|COLREGS?)"
# Years that name a convention or a law, over the text as given: capitals tell where names end.
NAMED_BY_YEAR = re.compile(
    rf"(?:19|20)\d\d\s+(?:(?:[A-Z][\w'’-]*|of|the|on|for)\s+){{0,6}}{_LAW}\b"
    rf"|\b(?:{_LAW}|[Cc]onvention)"
    r"(?:\s+(?:on|of|for|the|and|to|at|by|[A-Z][\w-]*|\([^)]*\))){0,16}[\s,(]*(?:19|20)\d\d"
    r"|[Cc]ông ước(?:(?!\bvào\b|ngày|tháng|ký|phê chuẩn|tham gia|\btừ\b)[^.;:\d]){0,80}"
    r"(?:19|20)\d\d"
    r"|(?:Luật|Bộ luật|Pháp lệnh)(?:(?!\bvào\b|ngày|tháng|ký|ban hành|thông qua|hiệu lực|\btừ\b"
    r"|được|trong|sẽ|sửa)[^.,;:\d]){0,60}(?:19|20)\d\d"
)
# A number of four digits that counts something is not a year.
COUNTED = re.compile(
    r"(?:-|\s+)(?:tonnes?|tons?|tấn|nautical|miles?|km|met(?:er|re)s?|mét|hải lý|people|persons"
    r"|personnel|soldiers|officers|sailors|troops|crew|passengers|fishermen|ships|vessels|boats"
    r"|tàu|người|cán bộ|ngư dân|triệu|tỷ|million|billion|usd|dollars|đồng|kg|lit(?:er|re)s?"
    r"|hours|hrs|giờ|members|participants|delegates|square|gmt|utc|local)\b|\s?%"
)
YEAR_SHOWN = re.compile(r"(?:\b(?:in|năm|nam|of|since|by|until|during|for|from|early|late)\s+)\Z")
# Before a month that is also another word.
MONTH_SHOWN = re.compile(
    r"\b(?:in|of|since|until|till|by|from|to|during|before|after|last|next|this|early|late|mid"
    r"|and|through|between|past)[\s-]+\Z"
)
# Before "Monday to Friday" that is every week.
EVERY_WEEK = re.compile(
    r"\b(?:hours?|open(?:ing)?|every|daily|each|available|weekdays|office)\b[^.;]{0,25}\Z"
)
