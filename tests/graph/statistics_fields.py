"""What questions about statistics select."""

COUNT = "eventCode period points { bucket count }"
CHANGE = "measure period points { bucket count }"
