"""Who may do what: one table, role × action. Help pages and checks are made from it.

An action is allowed from a seat only on what that seat reaches (orgs.rules, obligations.rules).
"""

from hoctap.orgs.enums import Role

VIEW = "view"
REGISTER_DIRECTIVE = "directive.register"
ISSUE_DIRECTIVE = "directive.issue"
ACKNOWLEDGE_DIRECTIVE = "directive.acknowledge"
OPEN_ROUND = "round.open"
CASCADE = "obligation.cascade"
EXTEND = "obligation.extend"
REMIND = "obligation.remind"
WRITE_REPORT = "report.write"
SEND_REPORT = "report.send"
RECEIVE_REPORT = "report.receive"
ENTER_REPORT = "report.enter"
EXPORT_FIGURES = "figures.export"
SIGN_CONSOLIDATION = "consolidation.sign"
EDIT_FORM = "form.edit"
EDIT_UNIT = "unit.edit"
NAME_UNIT = "unit.name"
GRANT_SEAT = "seat.grant"
RECORD_ACTIVITY = "activity.record"
MARK_ATTENDANCE = "attendance.mark"
KEEP_PEOPLE = "people.keep"
COUNT_HEADS = "headcount.keep"
ISSUE_CERTIFICATE = "certificate.issue"

# Action: (what it is called on screen, the roles that may).
ACTIONS: dict[str, tuple[str, frozenset[Role]]] = {
    VIEW: ("Xem", frozenset(Role)),
    REGISTER_DIRECTIVE: ("Vào sổ văn bản", frozenset({Role.CLERK, Role.OFFICER, Role.LEADER})),
    ISSUE_DIRECTIVE: ("Ban hành, thu hồi văn bản", frozenset({Role.LEADER, Role.CLERK})),
    ACKNOWLEDGE_DIRECTIVE: ("Xác nhận đã nhận văn bản", frozenset({Role.CLERK, Role.OFFICER, Role.LEADER})),
    OPEN_ROUND: ("Mở, đóng đợt báo cáo", frozenset({Role.OFFICER, Role.LEADER})),
    CASCADE: ("Giao tiếp xuống đơn vị trực thuộc", frozenset({Role.OFFICER, Role.LEADER})),
    EXTEND: ("Gia hạn", frozenset({Role.OFFICER, Role.LEADER})),
    REMIND: ("Nhắc đơn vị", frozenset({Role.OFFICER, Role.LEADER})),
    WRITE_REPORT: ("Soạn báo cáo", frozenset({Role.OFFICER, Role.LEADER})),
    SEND_REPORT: ("Duyệt và gửi báo cáo", frozenset({Role.LEADER})),
    RECEIVE_REPORT: ("Duyệt, tiếp nhận hoặc gửi trả báo cáo", frozenset({Role.OFFICER, Role.LEADER})),
    ENTER_REPORT: (
        "Nhập thay báo cáo nhận ngoài hệ thống",
        frozenset({Role.OFFICER, Role.LEADER, Role.CLERK}),
    ),
    EXPORT_FIGURES: (
        "Xuất số liệu từng đơn vị",
        frozenset({Role.OFFICER, Role.LEADER, Role.VIEWER}),
    ),
    SIGN_CONSOLIDATION: ("Ký báo cáo tổng hợp", frozenset({Role.LEADER})),
    EDIT_FORM: ("Soạn biểu mẫu", frozenset({Role.OFFICER, Role.LEADER})),
    EDIT_UNIT: ("Sửa đơn vị", frozenset({Role.ADMIN})),
    NAME_UNIT: (
        "Lập đơn vị trực thuộc mà văn bản nêu",
        frozenset({Role.OFFICER, Role.LEADER, Role.ADMIN}),
    ),
    GRANT_SEAT: ("Cấp vị trí", frozenset({Role.ADMIN})),
    RECORD_ACTIVITY: (
        "Ghi, sửa hoạt động của đơn vị",
        frozenset({Role.OFFICER, Role.LEADER, Role.CLERK}),
    ),
    MARK_ATTENDANCE: ("Điểm danh", frozenset({Role.OFFICER, Role.LEADER, Role.CLERK})),
    KEEP_PEOPLE: ("Xem, ghi danh sách người học của đơn vị", frozenset({Role.OFFICER, Role.LEADER})),
    COUNT_HEADS: ("Ghi số người, nhu cầu học của đơn vị", frozenset({Role.OFFICER, Role.LEADER})),
    ISSUE_CERTIFICATE: ("Cấp, thu hồi chứng nhận", frozenset({Role.LEADER})),
}


def may(role: str, action: str) -> bool:
    return role in ACTIONS[action][1]
