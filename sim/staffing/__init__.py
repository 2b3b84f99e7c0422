"""Staffing: how many seats each half-hour needs, who sits there when, and when letters should go out."""
