/// The pages' templates, styles and scripts, compiled into the program.
package enum PageAssets {
    /// Mustache templates by the names under which pages and other templates use them.
    package static let templates: [String: String] = [
        "layout": text(PackageResources.layout_mustache),
        "problem": text(PackageResources.problem_mustache),
        "sign-in": text(PackageResources.sign_in_mustache),
        "invitation": text(PackageResources.invitation_mustache),
        "set-up": text(PackageResources.set_up_mustache),
        "set-up-where": text(PackageResources.set_up_where_mustache),
        "start": text(PackageResources.start_mustache),
        "type-in": text(PackageResources.type_in_mustache),
        "throw-away": text(PackageResources.throw_away_mustache),
        "account": text(PackageResources.account_mustache),
        "accounts": text(PackageResources.accounts_mustache),
        "account-link": text(PackageResources.account_link_mustache),
        "calendars": text(PackageResources.calendars_mustache),
        "calendar-address": text(PackageResources.calendar_address_mustache),
        "week": text(PackageResources.week_mustache),
        "week-matrix": text(PackageResources.week_matrix_mustache),
        "week-day": text(PackageResources.week_day_mustache),
        "shift": text(PackageResources.shift_mustache),
        "requests": text(PackageResources.requests_mustache),
        "request": text(PackageResources.request_mustache),
        "request-item": text(PackageResources.request_item_mustache),
        "edit-effect": text(PackageResources.edit_effect_mustache),
        "library": text(PackageResources.library_mustache),
        "library-parts": text(PackageResources.library_parts_mustache),
        "impact": text(PackageResources.impact_mustache),
        "impact-hits": text(PackageResources.impact_hits_mustache),
        "hours": text(PackageResources.hours_mustache),
        "absences": text(PackageResources.absences_mustache),
        "availability": text(PackageResources.availability_mustache),
        "availability-look": text(PackageResources.availability_look_mustache),
        "availability-week": text(PackageResources.availability_week_mustache),
        "policy": text(PackageResources.policy_mustache),
        "policy-card": text(PackageResources.policy_card_mustache),
        "policy-edit": text(PackageResources.policy_edit_mustache),
        "libraries": text(PackageResources.libraries_mustache),
        "now": text(PackageResources.now_mustache),
        "now-board": text(PackageResources.now_board_mustache),
        "charts": text(PackageResources.charts_mustache),
        "chart-sheet": text(PackageResources.chart_sheet_mustache),
        "planning": text(PackageResources.planning_mustache),
        "planning-run": text(PackageResources.planning_run_mustache),
        "planning-run-board": text(PackageResources.planning_run_board_mustache),
        "planning-draft": text(PackageResources.planning_draft_mustache),
        "planning-changes": text(PackageResources.planning_changes_mustache),
        "planning-suggestions": text(PackageResources.planning_suggestions_mustache),
        "planning-suggestion": text(PackageResources.planning_suggestion_mustache),
        "planning-publish": text(PackageResources.planning_publish_mustache),
        "planning-versions": text(PackageResources.planning_versions_mustache),
    ]

    /// What browsers fetch, by file name.
    package static let files: [String: (mediaType: String, bytes: [UInt8])] = [
        "base.css": (css, PackageResources.base_css),
        "week.css": (css, PackageResources.week_css),
        "accounts.css": (css, PackageResources.accounts_css),
        "start.css": (css, PackageResources.start_css),
        "show-password.js": (javaScript, PackageResources.show_password_js),
        "charts.css": (css, PackageResources.charts_css),
        "library.css": (css, PackageResources.library_css),
        "now.css": (css, PackageResources.now_css),
        "now.js": (javaScript, PackageResources.now_js),
        "now-line.js": (javaScript, PackageResources.now_line_js),
        "requests.css": (css, PackageResources.requests_css),
        "edit.css": (css, PackageResources.edit_css),
        "week-edit.js": (javaScript, PackageResources.week_edit_js),
        "week-live.js": (javaScript, PackageResources.week_live_js),
        "planning.css": (css, PackageResources.planning_css),
        "planning-run.js": (javaScript, PackageResources.planning_run_js),
        "mark.svg": ("image/svg+xml", PackageResources.mark_svg),
    ]

    private static let css = "text/css; charset=utf-8"
    private static let javaScript = "text/javascript; charset=utf-8"

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
