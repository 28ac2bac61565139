"""first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("person", WHOLE_NUMBER, nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        info={"append_only": True},
    )
    op.create_table(
        "calendar",
        sa.Column("year", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar")),
    )
    op.create_table(
        "counter",
        sa.Column("month", sa.String(), nullable=False),
        sa.Column("last", WHOLE_NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("month", name=op.f("pk_counter")),
    )
    op.create_table(
        "entry",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("holder", WHOLE_NUMBER, nullable=False),
        sa.Column("seq", WHOLE_NUMBER, nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("matter", sa.String(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("author", WHOLE_NUMBER, nullable=True),
        sa.Column("proposal", WHOLE_NUMBER, nullable=True),
        sa.Column("occurred_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("reverses", WHOLE_NUMBER, nullable=True),
        sa.Column("rulebook_digest", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("mac", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entry")),
        sa.UniqueConstraint("number", name=op.f("uq_entry_number")),
        sa.UniqueConstraint(
            "programme", "subject", "holder", "seq", name=op.f("uq_entry_programme_subject_holder_seq")
        ),
        sa.UniqueConstraint("proposal", name=op.f("uq_entry_proposal")),
        sa.UniqueConstraint("reverses", name=op.f("uq_entry_reverses")),
        info={"append_only": True},
    )
    op.create_table(
        "inbox",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("conversation", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("late_stamp", sa.Boolean(), nullable=False),
        sa.Column("parked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("channel", "message_id", name=op.f("uq_inbox_channel_message_id")),
    )
    op.create_table(
        "kept_aside",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_aside")),
        sa.UniqueConstraint(
            "channel", "message_id", "fingerprint", name=op.f("uq_kept_aside_channel_message_id_fingerprint")
        ),
    )
    op.create_table(
        "person",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_table(
        "roster_stamp",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", WHOLE_NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_roster_stamp")),
    )
    op.create_table(
        "total",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("holder", WHOLE_NUMBER, nullable=False),
        sa.Column("seq", WHOLE_NUMBER, nullable=False),
        sa.Column("mac", sa.String(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("raw", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_total")),
        sa.UniqueConstraint("programme", "subject", "holder", name=op.f("uq_total_programme_subject_holder")),
    )
    op.create_table(
        "unit",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("aliases", sa.String(), nullable=False),
        sa.Column("peers", sa.String(), nullable=False),
        sa.Column("position", WHOLE_NUMBER, nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("name", name=op.f("uq_unit_name")),
    )
    op.create_table(
        "identity",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("person", WHOLE_NUMBER, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("preferred", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_identity_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
        sa.UniqueConstraint("channel", "tenant", "account", name=op.f("uq_identity_channel_tenant_account")),
    )
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_identity_person"), ["person"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("to_group", sa.Boolean(), nullable=False),
        sa.Column("person", WHOLE_NUMBER, nullable=True),
        sa.Column("priority", WHOLE_NUMBER, nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("initiated", sa.Boolean(), nullable=False),
        sa.Column("queued_at", sa.BigInteger(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("attempts", WHOLE_NUMBER, nullable=False),
        sa.Column("first_sent_at", sa.BigInteger(), nullable=True),
        sa.Column("lease_by", sa.String(), nullable=False),
        sa.Column("lease_until", WHOLE_NUMBER, nullable=False),
        sa.Column("finished_at", sa.BigInteger(), nullable=True),
        sa.Column("platform_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("maybe_shown", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_outbox_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_person_queued_at", ["person", "queued_at"], unique=False)
        batch_op.create_index(
            "ix_outbox_sending",
            ["lease_until"],
            unique=False,
            sqlite_where=sa.text("status = 'sending'"),
            postgresql_where=sa.text("status = 'sending'"),
        )
        batch_op.create_index(
            "ix_outbox_waiting",
            ["priority", "not_before", "id"],
            unique=False,
            sqlite_where=sa.text("status IN ('queued', 'retry')"),
            postgresql_where=sa.text("status IN ('queued', 'retry')"),
        )

    op.create_table(
        "post",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("person", WHOLE_NUMBER, nullable=False),
        sa.Column("unit", WHOLE_NUMBER, nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_post_person_person")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_post_unit_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
        sa.UniqueConstraint("person", "unit", "role", "first_day", name=op.f("uq_post_person_unit_role_first_day")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_post_person"), ["person"], unique=False)
        batch_op.create_index(batch_op.f("ix_post_unit"), ["unit"], unique=False)

    op.create_table(
        "programme",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("office", WHOLE_NUMBER, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("live_from", sa.Date(), nullable=False),
        sa.Column("trial", sa.Boolean(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["office"], ["unit.id"], name=op.f("fk_programme_office_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme")),
        sa.UniqueConstraint("code", name=op.f("uq_programme_code")),
    )
    op.create_table(
        "question",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("person", WHOLE_NUMBER, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("conversation", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_question_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
        sa.UniqueConstraint("person", "channel", "conversation", name=op.f("uq_question_person_channel_conversation")),
    )
    op.create_table(
        "attempt",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("outbox", WHOLE_NUMBER, nullable=False),
        sa.Column("n", WHOLE_NUMBER, nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["outbox"], ["outbox.id"], name=op.f("fk_attempt_outbox_outbox")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempt")),
        sa.UniqueConstraint("outbox", "n", name=op.f("uq_attempt_outbox_n")),
    )
    op.create_table(
        "matter",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("programme", WHOLE_NUMBER, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("assigned_by", WHOLE_NUMBER, nullable=False),
        sa.Column("assigned_at", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["assigned_by"], ["person.id"], name=op.f("fk_matter_assigned_by_person")),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_matter_programme_programme")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter")),
        sa.UniqueConstraint("number", name=op.f("uq_matter_number")),
    )
    op.create_table(
        "obligation",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("programme", WHOLE_NUMBER, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("unit", WHOLE_NUMBER, nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("grace_end", sa.BigInteger(), nullable=False),
        sa.Column("due_assumed", sa.Boolean(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("sign_off", sa.String(), nullable=False),
        sa.Column("review", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("round", WHOLE_NUMBER, nullable=False),
        sa.Column("round_since", sa.BigInteger(), nullable=True),
        sa.Column("nil", sa.Boolean(), nullable=False),
        sa.Column("reported_at", sa.BigInteger(), nullable=True),
        sa.Column("withdrawn_at", sa.BigInteger(), nullable=True),
        sa.Column("drafted_at", sa.BigInteger(), nullable=True),
        sa.Column("urged_at", sa.BigInteger(), nullable=True),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("urged_person", WHOLE_NUMBER, nullable=True),
        sa.Column("look_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_obligation_programme_programme")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_obligation_unit_unit")),
        sa.ForeignKeyConstraint(["urged_person"], ["person.id"], name=op.f("fk_obligation_urged_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_obligation")),
        sa.UniqueConstraint(
            "programme", "kind", "ref", "period", "unit", name=op.f("uq_obligation_programme_kind_ref_period_unit")
        ),
    )
    with op.batch_alter_table("obligation", schema=None) as batch_op:
        batch_op.create_index(
            "ix_obligation_held", ["held"], unique=False, sqlite_where=sa.text("held"), postgresql_where=sa.text("held")
        )
        batch_op.create_index(
            "ix_obligation_look_at",
            ["look_at", "unit", "id"],
            unique=False,
            sqlite_where=sa.text("look_at IS NOT NULL"),
            postgresql_where=sa.text("look_at IS NOT NULL"),
        )
        batch_op.create_index("ix_obligation_programme_due", ["programme", "due"], unique=False)
        batch_op.create_index("ix_obligation_unit_state", ["unit", "state"], unique=False)

    op.create_table(
        "matter_unit",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("matter", WHOLE_NUMBER, nullable=False),
        sa.Column("unit", WHOLE_NUMBER, nullable=False),
        sa.Column("share", sa.String(), nullable=False),
        sa.Column("position", WHOLE_NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["matter"], ["matter.id"], name=op.f("fk_matter_unit_matter_matter")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_matter_unit_unit_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matter_unit")),
        sa.UniqueConstraint("matter", "unit", name=op.f("uq_matter_unit_matter_unit")),
    )
    op.create_table(
        "outbox_about",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("outbox", WHOLE_NUMBER, nullable=False),
        sa.Column("obligation", WHOLE_NUMBER, nullable=False),
        sa.Column("round", WHOLE_NUMBER, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("urging", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["obligation"], ["obligation.id"], name=op.f("fk_outbox_about_obligation_obligation")),
        sa.ForeignKeyConstraint(["outbox"], ["outbox.id"], name=op.f("fk_outbox_about_outbox_outbox")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_about")),
        sa.UniqueConstraint("outbox", "obligation", name=op.f("uq_outbox_about_outbox_obligation")),
    )
    with op.batch_alter_table("outbox_about", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_about_obligation", ["obligation"], unique=False)

    op.create_table(
        "proposal",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("programme", WHOLE_NUMBER, nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("holder", WHOLE_NUMBER, nullable=False),
        sa.Column("clause", sa.String(), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=True),
        sa.Column("lowest", sa.BigInteger(), nullable=True),
        sa.Column("highest", sa.BigInteger(), nullable=True),
        sa.Column("matter", sa.String(), nullable=True),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("obligation", WHOLE_NUMBER, nullable=True),
        sa.Column("unit", WHOLE_NUMBER, nullable=False),
        sa.Column("author", WHOLE_NUMBER, nullable=True),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("occurred_at", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("statement_until", sa.BigInteger(), nullable=False),
        sa.Column("statement", sa.String(), nullable=True),
        sa.Column("stated_at", sa.BigInteger(), nullable=True),
        sa.Column("stated_by", WHOLE_NUMBER, nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", WHOLE_NUMBER, nullable=True),
        sa.Column("decision_reason", sa.String(), nullable=False),
        sa.Column("entry", WHOLE_NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["author"], ["person.id"], name=op.f("fk_proposal_author_person")),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_proposal_decided_by_person")),
        sa.ForeignKeyConstraint(["obligation"], ["obligation.id"], name=op.f("fk_proposal_obligation_obligation")),
        sa.ForeignKeyConstraint(["programme"], ["programme.id"], name=op.f("fk_proposal_programme_programme")),
        sa.ForeignKeyConstraint(["stated_by"], ["person.id"], name=op.f("fk_proposal_stated_by_person")),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"], name=op.f("fk_proposal_unit_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sa.UniqueConstraint("key", name=op.f("uq_proposal_key")),
        sa.UniqueConstraint("number", name=op.f("uq_proposal_number")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index("ix_proposal_account", ["programme", "subject", "holder"], unique=False)
        batch_op.create_index("ix_proposal_stage", ["stage"], unique=False)

    op.create_table(
        "step",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("obligation", WHOLE_NUMBER, nullable=False),
        sa.Column("round", WHOLE_NUMBER, nullable=False),
        sa.Column("step", WHOLE_NUMBER, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=False),
        sa.Column("planned_for", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("said", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["obligation"], ["obligation.id"], name=op.f("fk_step_obligation_obligation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_step")),
        sa.UniqueConstraint(
            "obligation", "round", "step", "audience", name=op.f("uq_step_obligation_round_step_audience")
        ),
    )
    op.create_table(
        "submission",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("obligation", WHOLE_NUMBER, nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("person", WHOLE_NUMBER, nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["obligation"], ["obligation.id"], name=op.f("fk_submission_obligation_obligation")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_submission_person_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("obligation", "version", name=op.f("uq_submission_obligation_version")),
    )
