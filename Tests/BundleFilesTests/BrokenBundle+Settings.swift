extension BrokenBundle {
    static let settings = [
        BrokenBundle(
            "consortium.yaml", "name: Two counties", "name:",
            "consortium.yaml:1: name: the value is empty, expected one"),
        BrokenBundle(
            "consortium.yaml", "name: Two counties\n", "",
            "consortium.yaml:1: name: the key is missing, expected a line “name: …”"),
        BrokenBundle(
            "consortium.yaml", "America/New_York", "America/NewYork",
            "consortium.yaml:2: timezone: “America/NewYork” is no time zone, expected perhaps "
                + "America/New_York, a name of the tz database"),
        BrokenBundle(
            "consortium.yaml", "slot_minutes: 60", "slot_minutes: 45",
            "consortium.yaml:3: slot_minutes: “45” does not divide an hour into slots, "
                + "expected one of 5, 6, 10, 12, 15, 20, 30, 60"),
        BrokenBundle(
            "consortium.yaml", "starts_on: 2027-03-08", "starts_on: 2027-02-29",
            "consortium.yaml:4: starts_on: “2027-02-29” is not a date of the calendar, expected a Monday like "
                + "2026-10-26"),
        BrokenBundle(
            "consortium.yaml", "weeks: 1", "weeks: 54",
            "consortium.yaml:5: weeks: “54” is out of range, expected a whole number from 1 to 53"),
        BrokenBundle(
            "consortium.yaml", "weeks: 1", "weeks: [1, 2]",
            "consortium.yaml:5: weeks: there is more than one value, expected one"),
        BrokenBundle(
            "consortium.yaml", "weeks: 1", "weeks: four",
            "consortium.yaml:5: weeks: “four” is not a whole number, expected a whole number from 1 to 53"),
        BrokenBundle(
            "consortium.yaml", "weeks: 1", "weeks: 1\nweek: 1",
            "consortium.yaml:6: week: there is no such key, expected perhaps weeks, one of name, timezone, "
                + "slot_minutes, starts_on, weeks, rules"),
        BrokenBundle(
            "consortium.yaml", "weeks: 1", "weeks: 1\nweeks: 2",
            "consortium.yaml:5: weeks: the key is there twice, expected it once"),
        BrokenBundle(
            "consortium.yaml", "weeks: 1", "weeks: &w 1",
            "consortium.yaml:5: weeks: there is an anchor, expected each value written out where it is meant"),
        BrokenBundle(
            "consortium.yaml", "weeks: 1", "weeks: \"1",
            "consortium.yaml:19: this is not YAML that can be read: found unexpected end of stream while "
                + "scanning a quoted scalar that begins on line 5, expected lines like “weeks: 4”"),
    ]

    static let rules = [
        BrokenBundle(
            "consortium.yaml", "id: skill,", "id: skil,",
            "consortium.yaml:7: rules[1].id: “skil” is no rule, expected perhaps skill, one of skill, "
                + "availability, absence, library_closed, one_place_at_a_time, shift_length, min_rest_hours, "
                + "max_hours_per_day, max_hours_per_week, library_contribution, preference, blocks_per_day, "
                + "max_late_shifts_per_week, rest_after_night"),
        BrokenBundle(
            "consortium.yaml", "{id: skill, class: red}", "{id: skill, class: green}",
            "consortium.yaml:7: rules.skill.class: “green” is no class of this rule, expected one of red, "
                + "yellow"),
        BrokenBundle(
            "consortium.yaml", "{id: skill, class: red}", "{id: skill, clas: red}",
            "consortium.yaml:7: rules[1].clas: there is no such key, expected perhaps class, one of id, class, "
                + "hours, split_hours, shifts, after_hour, from_hour, to_hour, weight"),
        BrokenBundle(
            "consortium.yaml", "{id: skill, class: red}", "{id: skill, class: red, weight: 2}",
            "consortium.yaml:7: rules.skill.weight: the rule has no such number in its class, expected none"),
        BrokenBundle(
            "consortium.yaml", "{id: skill, class: red}", "{id: absence, class: red}",
            "consortium.yaml:9: rules.absence: the rule is already on line 7, expected each rule once"),
        BrokenBundle(
            "consortium.yaml", "hours: 10, split_hours: 4", "hours: 10",
            "consortium.yaml:13: rules.min_rest_hours.split_hours: the key is missing, expected “split_hours: "
                + "…” in the rule"),
        BrokenBundle(
            "consortium.yaml", "hours: 10, split_hours: 4", "hours: 10, split_hours: 11",
            "consortium.yaml:13: rules.min_rest_hours.split_hours: “11” is not a number that the rule can "
                + "have, expected one from 0 to 10"),
        BrokenBundle(
            "consortium.yaml", "{id: max_hours_per_day, class: yellow}", "{id: max_hours_per_day, class: green}",
            "consortium.yaml:14: rules.max_hours_per_day.weight: the key is missing, expected “weight: …” in "
                + "the rule"),
        BrokenBundle(
            "consortium.yaml", "weight: 20", "weight: -20",
            "consortium.yaml:16: rules.library_contribution.weight: “-20” is not a number that the rule can "
                + "have, expected one from 0 to 1000000"),
        BrokenBundle(
            "consortium.yaml", "- {id: skill, class: red}", "- skill",
            "consortium.yaml:7: rules[1]: there are no keys with values, expected the keys id, class, hours, "
                + "split_hours, shifts, after_hour, from_hour, to_hour, weight"),
    ]

    private static func added(_ rule: String, _ message: String) -> BrokenBundle {
        let last = "- {id: blocks_per_day, class: green, weight: 10}"
        return BrokenBundle("consortium.yaml", last, "\(last)\n  - {\(rule)}", "consortium.yaml:19: rules.\(message)")
    }

    static let rowRules = [
        added(
            "id: max_late_shifts_per_week, class: red, shifts: 2",
            "max_late_shifts_per_week.after_hour: the key is missing, expected “after_hour: …” in the rule"),
        added(
            "id: max_late_shifts_per_week, class: red, shifts: 1.5, after_hour: 20",
            "max_late_shifts_per_week.shifts: “1.5” is not a number that the rule can have, "
                + "expected a whole one from 0 to 99"),
        added(
            "id: max_late_shifts_per_week, class: red, shifts: 2, after_hour: 24",
            "max_late_shifts_per_week.after_hour: “24” is not a number that the rule can have, "
                + "expected one from 0 to 23"),
        added(
            "id: max_late_shifts_per_week, class: yellow, shifts: 2, after_hour: 20, weight: 3",
            "max_late_shifts_per_week.weight: the rule has no such number in its class, "
                + "expected only shifts, after_hour"),
        added(
            "id: rest_after_night, class: green, from_hour: 0, to_hour: 5",
            "rest_after_night.weight: the key is missing, expected “weight: …” in the rule"),
        added(
            "id: rest_after_night, class: red, from_hour: 5, to_hour: 5",
            "rest_after_night.to_hour: “5” is not a number that the rule can have, "
                + "expected one from 0 to 24, another than from_hour"),
        added(
            "id: rest_after_night, class: red, from_hour: midnight, to_hour: 5",
            "rest_after_night.from_hour: “midnight” is not a number that the rule can have, "
                + "expected one from 0 to 23"),
    ]
}
