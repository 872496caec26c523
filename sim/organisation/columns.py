"""Which column of a file is which: common header spellings, and the user's own word for it, which wins."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sim.organisation.errors import Fault, OrganisationError, nearest, quoted, refusal


@dataclass(frozen=True)
class Field:
    """Something a file may say, and how its column may be headed (spelled as ``plain`` leaves a header)."""

    name: str
    meaning: str
    spellings: frozenset[str]


def _field(name: str, meaning: str, spellings: str) -> Field:
    return Field(name, meaning, frozenset({plain(name), *spellings.split()}))


def plain(header: str) -> str:
    """A header without case, accents, spaces and punctuation: 'Employee_ID ' and 'employeeId' are one."""
    letters = unicodedata.normalize("NFKD", header.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


ROSTER_FIELDS = (
    _field(
        "person_id",
        "who this is",
        "id person employee employeeid employeenumber employeeno employeenum employeenr employeecode employeekey "
        "emp empid empno empnum empnumber empcode worker workerid workernumber workerno staffid staffno staffnumber "
        "staffcode user userid uid uuid guid personno personnumber personcode personkey personnelid personnelno "
        "personnelnumber personalnummer personalnr mitarbeiternummer mitarbeiternr mitarbeiterid "
        "associateid associatenumber memberid colleagueid hrid payrollid payrollnumber node nodeid",
    ),
    _field(
        "manager_id",
        "whom they report to",
        "manager managerno managernumber managernum managernr managercode managerkey managerpersonid manageremployeeid "
        "manageremployeenumber managerempid managerworkerid managerstaffid manageruserid mgr mgrid mgrno mgrnumber "
        "reportsto reportstoid reportstoemployeeid reportstopersonid reportsto1 reportingto reportingtoid reportto "
        "reporttoid supervisor supervisorid supervisorno supervisornumber supervisoremployeeid linemanager "
        "linemanagerid linemanagernumber vorgesetzter vorgesetzte vorgesetzterid vorgesetztenid vorgesetztennummer "
        "vorgesetztennr personalnummervorgesetzter fuhrungskraft fuhrungskraftid fuehrungskraft fuehrungskraftid "
        "berichtetan directmanager directmanagerid reportingmanager reportingmanagerid "
        "peoplemanager peoplemanagerid managedby boss bossid superior superiorid parent parentid leader leaderid "
        "leadid teamleadid headid idmanager",
    ),
    _field(
        "unit",
        "the department or team",
        "unitname unitid department departmentname departmentid dept deptname deptid division divisionname orgunit "
        "orgunitname organisationunit organizationunit organisationalunit organizationalunit businessunit "
        "businessunitname bu team teamname function functionname abteilung bereich einheit organisationseinheit",
    ),
    _field(
        "title",
        "the job title",
        "jobtitle job jobname jobrole position positiontitle positionname designation businesstitle worktitle "
        "occupation jobprofile jobposition stelle stellenbezeichnung jobtitel berufsbezeichnung",
    ),
    _field("level", "the grade (not used: depth comes from the reporting line)", ""),
    _field(
        "location",
        "where they work",
        "locationname worklocation officelocation office site worksite sitename city workplace baselocation standort "
        "arbeitsort",
    ),
    _field("role", "executive, manager or rep", "rolename rolelabel employeerole personrole rolle"),
    _field(
        "hired",
        "when they joined",
        "hire hiredate hiringdate dateofhire datehired hiredon startdate startingdate joindate joiningdate joined "
        "joinedon dateofjoining datejoined employmentstart employmentstartdate originalhiredate employedsince "
        "eintrittsdatum einstellungsdatum",
    ),
)

TIE_FIELDS = (
    _field(
        "ego",
        "the person who names the other",
        "egoid source sourceid src from fromid fromperson sender senderid person personid person1 person1id employeeid "
        "namer respondent respondentid node1 id1 von",
    ),
    _field(
        "alter",
        "the person named",
        "alterid target targetid dst dest destination to toid toperson recipient recipientid receiver receiverid "
        "colleague colleagueid person2 person2id named nominee nomineeid peer peerid node2 id2 an nach",
    ),
    _field(
        "contact",
        "how much contact they have, a count",
        "contacts weight weights count counts n num number freq frequency strength value emails nemails numemails "
        "emailcount messages nmessages messagecount meetings nmeetings interactions ncontacts contactcount times "
        "anzahl haufigkeit",
    ),
    _field(
        "relation",
        "the kind of tie",
        "relations relationtype relationship relationshiptype tietype edgetype type kind layer network beziehung",
    ),
)

ALL_FIELDS = tuple(field.name for field in (*ROSTER_FIELDS, *TIE_FIELDS))


FIRST_ROW = "The headers belong in the first row, one above each column: remove any row above them"


def recognise(
    headers: Sequence[str],
    fields: Sequence[Field],
    mapping: Mapping[str, str] | None,
    *,
    where: str,
    needed: Sequence[str] = (),
) -> dict[str, int]:
    """Field name -> column number, for the fields the file has; one that is ``needed`` and not there raises.

    ``mapping`` (field -> header) wins. A field or column nobody knows, one column for two fields, and two columns that
    could both be the same field, raise: a guess here would rewire the organisation silently.
    """
    found = _mapped(headers, fields, mapping or {}, where)
    taken = set(found.values())
    spelled = [plain(header) for header in headers]
    for field in fields:
        if field.name in found:
            continue
        matches = [i for i, header in enumerate(spelled) if header in field.spellings and i not in taken]
        if len(matches) > 1:
            raise _ambiguous(field, [headers[i] for i in matches], where)
        if matches:
            found[field.name] = matches[0]
    lacking = [field for field in fields if field.name in needed and field.name not in found]
    if lacking:
        raise _missing(lacking, headers, where, len(needed))
    return found


def _mapped(headers: Sequence[str], fields: Sequence[Field], mapping: Mapping[str, str], where: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for name, header in mapping.items():
        if name not in ALL_FIELDS:
            raise OrganisationError(
                f"--map {name}=\"{header}\": there is no field '{name}'{nearest(name, ALL_FIELDS)}. "
                f"Fields: {', '.join(ALL_FIELDS)}."
            )
        if all(field.name != name for field in fields):
            continue  # meant for the other file: one mapping serves the roster and the ties
        matches = [i for i, own in enumerate(headers) if own == header.strip()]
        matches = matches or [i for i, own in enumerate(headers) if own and plain(own) == plain(header)]
        if not matches:
            raise OrganisationError(
                f"{where}: there is no column '{header}' (--map {name}=\"{header}\"){nearest(header, headers)}. "
                f"Columns: {quoted(h for h in headers if h)}."
            )
        if len(matches) > 1:
            raise OrganisationError(
                f"{where}: {len(matches)} columns are headed '{header}' (--map {name}=\"{header}\"). "
                "Give each its own header."
            )
        clash = [other for other, i in found.items() if i == matches[0]]
        if clash:
            wrong = f"column '{header}' is mapped to both {clash[0]} and {name}"
            raise refusal(where, Fault(wrong, wrong, "Choose one", choice="columns"))
        found[name] = matches[0]
    return found


def _missing(lacking: Sequence[Field], headers: Sequence[str], where: str, least: int) -> OrganisationError:
    """The error for fields without a column. Fewer headers than ``least`` leave nothing to choose from: those of the
    columns are then further down, under a heading of the sheet."""
    needs = " and ".join(f"{field.name} ({field.meaning})" for field in lacking)
    shown = quoted(header for header in headers if header) or "none"
    maps = " ".join(f'--map {field.name}="COLUMN"' for field in lacking)
    said = f"no column found for {needs}. Columns: {shown}"
    wrong = f"no column for {needs}"
    if sum(map(bool, headers)) < least:
        return refusal(where, Fault(wrong, said, FIRST_ROW))
    return refusal(where, Fault(wrong, said, "Say which it is", choice="columns", option=f" with {maps}"))


def _ambiguous(field: Field, matches: Sequence[str], where: str) -> OrganisationError:
    wrong = f"{len(matches)} columns could be {field.name} ({field.meaning})"
    option = f' with --map {field.name}="{matches[0]}"'
    return refusal(where, Fault(wrong, f"{wrong}: {quoted(matches)}", "Say which", choice="columns", option=option))
