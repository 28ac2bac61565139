"""life of a matter: rounds of supervision, extensions, problems, major reports, and what cannot be done."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "major_report",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("unit", WHOLE_NUMBER, nullable=False),
        sa.Column("person", WHOLE_NUMBER, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_major_report_person_person")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_major_report_unit_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_major_report")),
        sa.UniqueConstraint("number", name=op.f("uq_major_report_number")),
        info={"append_only": True},
    )
    with op.batch_alter_table("major_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_major_report_person"), ["person"], unique=False)
        batch_op.create_index(batch_op.f("ix_major_report_unit"), ["unit"], unique=False)

    op.create_table(
        "extension",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("obligation", WHOLE_NUMBER, nullable=False),
        sa.Column("old_due", sa.BigInteger(), nullable=False),
        sa.Column("new_due", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("asked_by", WHOLE_NUMBER, nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("decided_by", WHOLE_NUMBER, nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decision_reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["asked_by"], ["person.id"], name=op.f("fk_extension_asked_by_person")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_extension_decided_by_person")),
        sa.ForeignKeyConstraint(["obligation"], ["obligation.id"], name=op.f("fk_extension_obligation_obligation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
        sa.UniqueConstraint("number", name=op.f("uq_extension_number")),
    )
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.create_index("ix_extension_obligation", ["obligation"], unique=False)
        batch_op.create_index(
            "ix_extension_open",
            ["obligation"],
            unique=True,
            sqlite_where=sa.text("stage = 'open'"),
            postgresql_where=sa.text("stage = 'open'"),
        )

    op.create_table(
        "inability",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("obligation", WHOLE_NUMBER, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("filed_by", WHOLE_NUMBER, nullable=True),
        sa.Column("filed_at", sa.BigInteger(), nullable=True),
        sa.Column("marked_by", WHOLE_NUMBER, nullable=True),
        sa.Column("marked_at", sa.BigInteger(), nullable=True),
        sa.Column("remark", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["filed_by"], ["person.id"], name=op.f("fk_inability_filed_by_person")),
        sa.ForeignKeyConstraint(["marked_by"], ["person.id"], name=op.f("fk_inability_marked_by_person")),
        sa.ForeignKeyConstraint(["obligation"], ["obligation.id"], name=op.f("fk_inability_obligation_obligation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inability")),
        sa.UniqueConstraint("obligation", name=op.f("uq_inability_obligation")),
    )
    op.create_table(
        "problem",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("programme", WHOLE_NUMBER, nullable=False),
        sa.Column("unit", WHOLE_NUMBER, nullable=False),
        sa.Column("obligation", WHOLE_NUMBER, nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("raised_by", WHOLE_NUMBER, nullable=False),
        sa.Column("raised_at", sa.BigInteger(), nullable=False),
        sa.Column("leader", WHOLE_NUMBER, nullable=True),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_by", WHOLE_NUMBER, nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("fk_problem_answered_by_person")),
        sa.ForeignKeyConstraint(["leader"], ["person.id"], name=op.f("fk_problem_leader_person")),
        sa.ForeignKeyConstraint(["obligation"], ["obligation.id"], name=op.f("fk_problem_obligation_obligation")),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_problem_programme_programme")),
        sa.ForeignKeyConstraint(["raised_by"], ["person.id"], name=op.f("fk_problem_raised_by_person")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_problem_unit_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problem")),
        sa.UniqueConstraint("number", name=op.f("uq_problem_number")),
    )
    with op.batch_alter_table("problem", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_problem_unit"), ["unit"], unique=False)

    op.create_table(
        "supervision",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("matter", WHOLE_NUMBER, nullable=False),
        sa.Column("round", WHOLE_NUMBER, nullable=False),
        sa.Column("ordered_by", WHOLE_NUMBER, nullable=False),
        sa.Column("ordered_at", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["matter"], ["matter.id"], name=op.f("fk_supervision_matter_matter")),
        sa.ForeignKeyConstraint(["ordered_by"], ["person.id"], name=op.f("fk_supervision_ordered_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervision")),
        sa.UniqueConstraint("matter", "round", name=op.f("uq_supervision_matter_round")),
        sa.UniqueConstraint("number", name=op.f("uq_supervision_number")),
        info={"append_only": True},
    )
    op.create_table(
        "supervised_share",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("supervision", WHOLE_NUMBER, nullable=False),
        sa.Column("obligation", WHOLE_NUMBER, nullable=False),
        sa.Column("signed_by", WHOLE_NUMBER, nullable=True),
        sa.Column("signed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["obligation"], ["obligation.id"], name=op.f("fk_supervised_share_obligation_obligation")
        ),
        sa.ForeignKeyConstraint(["signed_by"], ["person.id"], name=op.f("fk_supervised_share_signed_by_person")),
        sa.ForeignKeyConstraint(
            ["supervision"], ["supervision.id"], name=op.f("fk_supervised_share_supervision_supervision")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervised_share")),
        sa.UniqueConstraint("supervision", "obligation", name=op.f("uq_supervised_share_supervision_obligation")),
    )
    with op.batch_alter_table("supervised_share", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_supervised_share_obligation"), ["obligation"], unique=False)

    with op.batch_alter_table("matter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("leader", WHOLE_NUMBER, nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_matter_leader_person"), "person", ["leader"], ["id"])
