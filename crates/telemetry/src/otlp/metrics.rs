use serde::Serialize;

use super::{Attribute, Attributes, Scope, attributes_of, written};
use crate::Resource;
use crate::metrics::{Labels, Point};
use crate::names::{MetricKind, MetricName};

/// Each request reports totals since the start of the process.
const CUMULATIVE: u8 = 2;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Request<'a> {
    resource_metrics: [ResourceMetrics<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResourceMetrics<'a> {
    resource: Attributes<'a>,
    scope_metrics: [ScopeMetrics<'a>; 1],
}

#[derive(Serialize)]
struct ScopeMetrics<'a> {
    scope: Scope,
    metrics: Vec<Wire<'a>>,
}

#[derive(Serialize)]
struct Wire<'a> {
    name: &'a str,
    unit: &'a str,
    description: &'a str,
    #[serde(flatten)]
    data: Data<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Data<'a> {
    #[serde(rename_all = "camelCase")]
    Sum { data_points: Vec<Number<'a>>, aggregation_temporality: u8, is_monotonic: bool },
    #[serde(rename_all = "camelCase")]
    Gauge { data_points: Vec<Number<'a>> },
    #[serde(rename_all = "camelCase")]
    Histogram { data_points: Vec<Spread<'a>>, aggregation_temporality: u8 },
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Number<'a> {
    #[serde(flatten)]
    of: Of<'a>,
    as_int: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Spread<'a> {
    #[serde(flatten)]
    of: Of<'a>,
    count: String,
    sum: f64,
    bucket_counts: Vec<String>,
    explicit_bounds: &'static [f64],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Of<'a> {
    attributes: Vec<Attribute<'a>>,
    start_time_unix_nano: String,
    time_unix_nano: String,
}

/// Serializes a request with the totals from `since` to `now`, in nanoseconds since 1970.
pub(crate) fn metrics(resource: &Resource, all: &[(MetricName, Vec<(Labels, Point)>)], since: u64, now: u64) -> String {
    let metrics = all.iter().map(|(metric, points)| Wire::from_metric(metric, points, since, now)).collect();
    let scope_metrics = [ScopeMetrics { scope: Scope::from_resource(resource), metrics }];
    written(&Request { resource_metrics: [ResourceMetrics { resource: attributes_of(resource), scope_metrics }] })
}

impl<'a> Wire<'a> {
    fn from_metric(metric: &MetricName, points: &'a [(Labels, Point)], since: u64, now: u64) -> Self {
        let of = |labels: &'a Labels| Of {
            attributes: labels.iter().map(|(name, text)| Attribute::text(name, text)).collect(),
            start_time_unix_nano: since.to_string(),
            time_unix_nano: now.to_string(),
        };
        let numbers = || points.iter().filter_map(|(labels, point)| Number::from_point(of(labels), point)).collect();
        let data = match metric.kind {
            MetricKind::Counter => {
                Data::Sum { data_points: numbers(), aggregation_temporality: CUMULATIVE, is_monotonic: true }
            }
            MetricKind::Gauge => Data::Gauge { data_points: numbers() },
            MetricKind::Histogram(bounds) => {
                let spreads = points.iter().filter_map(|(labels, point)| Spread::from_point(of(labels), point, bounds));
                Data::Histogram { data_points: spreads.collect(), aggregation_temporality: CUMULATIVE }
            }
        };
        Self { name: metric.name, unit: metric.unit, description: metric.what, data }
    }
}

impl<'a> Number<'a> {
    fn from_point(of: Of<'a>, point: &Point) -> Option<Self> {
        match point {
            Point::Number(value) => Some(Self { of, as_int: format!("{value:.0}") }),
            Point::Spread { .. } => None,
        }
    }
}

impl<'a> Spread<'a> {
    fn from_point(of: Of<'a>, point: &Point, explicit_bounds: &'static [f64]) -> Option<Self> {
        match point {
            Point::Spread { buckets, sum, count } => Some(Self {
                of,
                count: count.to_string(),
                sum: *sum,
                bucket_counts: buckets.iter().map(u64::to_string).collect(),
                explicit_bounds,
            }),
            Point::Number(_) => None,
        }
    }
}
