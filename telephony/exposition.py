"""Figures in the form of prometheus_client, one function for each kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from telephony.tally import Buckets

PREFIX = "denwaban_"
Labels = tuple[str, ...]
Key = str | Labels


def counter(name: str, text: str, value: float) -> Metric:
    """One figure that only grows."""
    return CounterMetricFamily(PREFIX + name, text, value=value)


def counters(name: str, text: str, labels: Labels, values: Iterable[tuple[Key, float]]) -> Metric:
    """The same by labels."""
    family = CounterMetricFamily(PREFIX + name, text, labels=labels)
    for key, value in values:
        family.add_metric(_key(key), value)
    return family


def gauge(name: str, text: str, value: float) -> Metric:
    """One figure that goes up and down."""
    return GaugeMetricFamily(PREFIX + name, text, value=value)


def gauges(name: str, text: str, labels: Labels, values: Iterable[tuple[Key, float]]) -> Metric:
    """The same by labels."""
    family = GaugeMetricFamily(PREFIX + name, text, labels=labels)
    for key, value in values:
        family.add_metric(_key(key), value)
    return family


def histogram(name: str, text: str, buckets: Buckets) -> Metric:
    """How often which durations came."""
    return HistogramMetricFamily(PREFIX + name, text, buckets=buckets.cumulative(), sum_value=buckets.sum)


def histograms(name: str, text: str, label: str, by: Mapping[str, Buckets]) -> Metric:
    """The same by one label."""
    family = HistogramMetricFamily(PREFIX + name, text, labels=[label])
    for key, buckets in by.items():
        family.add_metric([key], buckets.cumulative(), buckets.sum)
    return family


def _key(key: Key) -> Labels:
    return (key,) if isinstance(key, str) else key
