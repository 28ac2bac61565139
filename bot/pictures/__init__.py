"""Pictures of scores, trends and rankings: facts -> SVG -> PNG. The same SVG serves chat, console and documents."""
