"""What the pretend Feishu takes and how long it remembers, as its manual says."""

from datetime import timedelta

ID_TYPES = {"open_id", "user_id", "union_id", "email", "chat_id"}
MAX_IMAGE = 10 * 1024 * 1024
MAX_UPLOAD = 30 * 1024 * 1024
FILE_TYPES = {"opus", "mp4", "pdf", "doc", "xls", "ppt", "stream"}
MAX_FILE = 100 * 1024 * 1024
KEY_LIFE = timedelta(hours=1)
TOKEN_LIFE = timedelta(hours=2)
RENEWED_BELOW = timedelta(minutes=30)
CARD_LIFE = timedelta(days=14)
HOOK_WINDOW = timedelta(hours=1)
BOT_IN_USE = 2
