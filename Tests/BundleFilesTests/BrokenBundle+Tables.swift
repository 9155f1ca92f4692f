extension BrokenBundle {
    static let all = settings + rules + rowRules + people + queues + times + availability + columns

    private static let people = [
        BrokenBundle(
            "libraries.csv", "url\n", "url\npub 02,West,public,UTC,0,,,\n",
            "libraries.csv:2: library_id: “pub 02” is not an id, "
                + "expected 1 to 64 ASCII letters, digits, - _ or ., beginning with a letter or digit"),
        BrokenBundle(
            "libraries.csv", "url\n", "url\npub01,West,public,UTC,0,,,\n",
            "libraries.csv:4: library_id: the library “pub01” is already on line 2, expected each id once"),
        BrokenBundle(
            "libraries.csv", "Harbour College", "",
            "libraries.csv:2: name: the value is empty, expected a name"),
        BrokenBundle(
            "libraries.csv", ",academic,", ",acedemic,",
            "libraries.csv:2: kind: “acedemic” is not allowed here, "
                + "expected perhaps academic, one of public, academic, special, regional"),
        BrokenBundle(
            "libraries.csv", "America/Chicago", "America/Chikago",
            "libraries.csv:3: timezone: “America/Chikago” is no time zone, "
                + "expected perhaps America/Chicago, a name of the tz database"),
        BrokenBundle(
            "libraries.csv", "America/Chicago", "EST5EDT",
            "libraries.csv:3: timezone: “EST5EDT” is no time zone, "
                + "expected a name of the tz database like America/New_York"),
        BrokenBundle(
            "libraries.csv", ",6.5,", ",-6.5,",
            "libraries.csv:2: contribution_hours_per_week: “-6.5” is negative, "
                + "expected a number from 0 to 1000000, with at most three decimals"),
        BrokenBundle(
            "libraries.csv", "ask@acad01.example.org", "ask.acad01.example.org",
            "libraries.csv:2: email: “ask.acad01.example.org” is no email address, "
                + "expected one like ask@library.example.org, or nothing"),
        BrokenBundle(
            "operators.csv", "pub01-01,pub01,", "pub01-01,PUB01,",
            "operators.csv:3: library_id: there is no library “PUB01” in libraries.csv, expected perhaps pub01"),
        BrokenBundle(
            "operators.csv", "pub01-01,pub01,", "pub01-01,,",
            "operators.csv:3: library_id: the value is empty, "
                + "expected 1 to 64 ASCII letters, digits, - _ or ., beginning with a letter or digit"),
        BrokenBundle(
            "operators.csv", "academic;general", "academic;;general",
            "operators.csv:2: skills: a skill is empty, expected ids with ; between them, like general;spanish"),
        BrokenBundle(
            "operators.csv", "academic;general", "academic; general",
            "operators.csv:2: skills: “ general” is not a skill, "
                + "expected ids with ; between them, like general;spanish"),
        BrokenBundle(
            "operators.csv", ",4.5,2,1", ",4h,2,1",
            "operators.csv:3: max_hours_per_week: “4h” is not a number that can be read, "
                + "expected a number from 0 to 168, with at most three decimals"),
        BrokenBundle(
            "operators.csv", ",4.5,2,1", ",4.5,25,1",
            "operators.csv:3: max_hours_per_day: “25” is out of range, "
                + "expected a number from 0 to 24, with at most three decimals"),
        BrokenBundle(
            "operators.csv", ",4.5,2,1", ",4.5,2,",
            "operators.csv:3: chat_capacity: the value is empty, expected a whole number from 1 to 100"),
    ]

    private static let queues = [
        BrokenBundle(
            "queues.csv", "priority\n", "priority\nask,Asked,chat,general,60,60,30,0.8,1\n",
            "queues.csv:3: queue_id: the queue “ask” is already on line 2, expected each id once"),
        BrokenBundle(
            "queues.csv", ",chat,", ",phone,",
            "queues.csv:2: channel: “phone” is not allowed here, expected one of chat, email"),
        BrokenBundle(
            "queues.csv", "chat,general,60,180", "chat,general,240,180",
            "queues.csv:2: max_shift_minutes: 180 is less than min_shift_minutes 240, expected 240 or more"),
        BrokenBundle(
            "queues.csv", "chat,general,60,180", "chat,general,60,170",
            "queues.csv:2: max_shift_minutes: 170 minutes are not whole slots of 60, expected 120 or 180"),
        BrokenBundle(
            "queues.csv", "chat,general,60,180", "chat,general,30,180",
            "queues.csv:2: min_shift_minutes: 30 minutes are not whole slots of 60, expected 60"),
        BrokenBundle(
            "queues.csv", "chat,general,", "chat,,",
            "queues.csv:2: skill: the value is empty, "
                + "expected 1 to 64 ASCII letters, digits, - _ or ., beginning with a letter or digit"),
        BrokenBundle(
            "queues.csv", "30,0.8,3", "30,80,3",
            "queues.csv:2: answer_share: “80” is out of range, "
                + "expected a number from 0.001 to 1, with at most three decimals"),
        BrokenBundle(
            "queues.csv", "30,0.8,3", "30,0.8,0",
            "queues.csv:2: priority: “0” is out of range, expected a whole number from 1 to 1000"),
        BrokenBundle(
            "queues.csv", "30,0.8,3", "-30,0.8,3",
            "queues.csv:2: answer_seconds: “-30” is negative, expected a whole number from 1 to 31536000"),
        BrokenBundle(
            "hours.csv", "ask,6,", "aks,6,",
            "hours.csv:4: queue_id: there is no queue “aks” in queues.csv, expected the id of one that is"),
        BrokenBundle(
            "hours.csv", "ask,6,", "ask,7,",
            "hours.csv:4: weekday: “7” is out of range, expected a whole number from 0 to 6"),
        BrokenBundle(
            "hours.csv", "09:00,12:00", "12:00,09:00",
            "hours.csv:2: closes: 09:00 is not after opens 12:00, "
                + "expected a later time, up to 24:00; a span over midnight takes two rows"),
        BrokenBundle(
            "hours.csv", "00:00,24:00", "00:00,24:30",
            "hours.csv:4: closes: “24:30” is not a time of day, expected one from 00:00 to 24:00, like 09:30"),
        BrokenBundle(
            "hours.csv", "13:00,17:00", "11:30,17:00",
            "hours.csv:3: opens: the hours overlap those of line 2, 09:00 to 12:00, "
                + "expected hours of one queue and weekday that do not overlap"),
    ]
}
