"""The platforms' doors: one folder a platform, one protocol for all (channel.py), one neutral card (card.py)."""
