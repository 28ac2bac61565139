"""deciding the year."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "recommendation_decision",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("entry", WHOLE_NUMBER, nullable=False),
        sa.Column("nth", WHOLE_NUMBER, nullable=False),
        sa.Column("loses", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("recorded_by", WHOLE_NUMBER, nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["entry"], ["entry.id"], name=op.f("fk_recommendation_decision_entry_entry")),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["person.id"], name=op.f("fk_recommendation_decision_recorded_by_person")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recommendation_decision")),
        sa.UniqueConstraint("entry", "nth", name=op.f("uq_recommendation_decision_entry_nth")),
        info={"append_only": True},
    )
    op.create_table(
        "award_given",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("programme", WHOLE_NUMBER, nullable=False),
        sa.Column("award", sa.String(), nullable=False),
        sa.Column("winner", sa.String(), nullable=False),
        sa.Column("recorded_by", WHOLE_NUMBER, nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_award_given_programme_programme")),
        sa.ForeignKeyConstraint(["recorded_by"], ["person.id"], name=op.f("fk_award_given_recorded_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_award_given")),
        sa.UniqueConstraint("programme", "award", "winner", name=op.f("uq_award_given_programme_award_winner")),
        info={"append_only": True},
    )
    op.create_table(
        "publication",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("programme", WHOLE_NUMBER, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("nth", WHOLE_NUMBER, nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("published_by", WHOLE_NUMBER, nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("circle", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_publication_programme_programme")),
        sa.ForeignKeyConstraint(["published_by"], ["person.id"], name=op.f("fk_publication_published_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("number", name=op.f("uq_publication_number")),
        sa.UniqueConstraint("programme", "kind", "nth", name=op.f("uq_publication_programme_kind_nth")),
        info={"append_only": True},
    )
    op.create_table(
        "sample",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("programme", WHOLE_NUMBER, nullable=False),
        sa.Column("peers", sa.String(), nullable=False),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("candidates", sa.Text(), nullable=False),
        sa.Column("chosen", sa.Text(), nullable=False),
        sa.Column("drawn_by", WHOLE_NUMBER, nullable=False),
        sa.Column("drawn_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["drawn_by"], ["person.id"], name=op.f("fk_sample_drawn_by_person")),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_sample_programme_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample")),
        sa.UniqueConstraint("number", name=op.f("uq_sample_number")),
        info={"append_only": True},
    )
    op.create_table(
        "unit_grade",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("programme", WHOLE_NUMBER, nullable=False),
        sa.Column("unit", WHOLE_NUMBER, nullable=False),
        sa.Column("nth", WHOLE_NUMBER, nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("decided_by", WHOLE_NUMBER, nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_unit_grade_decided_by_person")),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_unit_grade_programme_programme")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_unit_grade_unit_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_grade")),
        sa.UniqueConstraint("programme", "unit", "nth", name=op.f("uq_unit_grade_programme_unit_nth")),
        info={"append_only": True},
    )
    op.create_table(
        "follow_up",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("programme", WHOLE_NUMBER, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("unit", WHOLE_NUMBER, nullable=True),
        sa.Column("person", WHOLE_NUMBER, nullable=True),
        sa.Column("consequence", sa.String(), nullable=True),
        sa.Column("entry", WHOLE_NUMBER, nullable=True),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("cite", sa.String(), nullable=False),
        sa.Column("because", sa.String(), nullable=False),
        sa.Column("counted_from", sa.Date(), nullable=False),
        sa.Column("due_day", sa.Date(), nullable=True),
        sa.Column("awaits_day", sa.Boolean(), nullable=False),
        sa.Column("required", sa.Text(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("planned_day", sa.Date(), nullable=True),
        sa.Column("obligation", WHOLE_NUMBER, nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", WHOLE_NUMBER, nullable=True),
        sa.Column("remark", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_follow_up_closed_by_person")),
        sa.ForeignKeyConstraint(["entry"], ["entry.id"], name=op.f("fk_follow_up_entry_entry")),
        sa.ForeignKeyConstraint(["obligation"], ["obligation.id"], name=op.f("fk_follow_up_obligation_obligation")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_follow_up_person_person")),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_follow_up_programme_programme")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_follow_up_unit_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("number", name=op.f("uq_follow_up_number")),
        sa.UniqueConstraint("programme", "key", name=op.f("uq_follow_up_programme_key")),
    )
