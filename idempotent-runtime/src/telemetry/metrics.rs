//! The metrics that this crate exports through the [`metrics`] facade, once a
//! recorder is installed: one list, from which the descriptions, the buckets,
//! the chapter and the tests are made.
//!
//! ```
//! use idempotent_runtime::metrics::METRICS;
//!
//! for metric in METRICS {
//!     println!("{} {:?}: {}", metric.name, metric.labels, metric.meaning);
//! }
//! ```
//!
//! A Prometheus exporter renders a histogram without configured buckets as a
//! summary, on which rules about `_bucket` are silent: give it [`buckets`].

mod handles;
pub(super) mod list;
mod meters;
#[cfg(feature = "axum")]
mod routes;

pub use self::list::METRICS;
pub(crate) use self::meters::{Meters, Moment};

/// A metric: its name, and what an operator makes of it.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Metric {
    /// As the facade gets it.
    pub name: &'static str,
    /// What its number is.
    pub kind: Kind,
    /// What is counted or measured.
    pub unit: Unit,
    /// The labels' names; their values come from closed sets.
    pub labels: &'static [&'static str],
    /// What it means.
    pub meaning: &'static str,
    /// What to do when it rises.
    pub action: &'static str,
    /// A histogram's upper bounds, in its unit.
    pub buckets: &'static [f64],
}

/// What a metric's number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It only rises.
    Counter,
    /// It rises and falls.
    Gauge,
    /// A distribution.
    Histogram,
}

/// What a metric counts or measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unit {
    /// Events, or things.
    Count,
    /// Seconds; of a gauge, since 1970.
    Seconds,
    /// A part of a whole: 1 is all of it.
    Ratio,
}

/// The full name and the upper bounds of each histogram, for an exporter:
///
/// ```
/// # struct Builder;
/// # impl Builder {
/// #     fn set_buckets_for_metric(self, _: String, _: &[f64]) -> Self { self }
/// # }
/// # let builder = Builder;
/// use idempotent_runtime::metrics::buckets;
///
/// // of metrics-exporter-prometheus: `Matcher::Full(name.to_owned())`
/// let builder = buckets().fold(builder, |builder, (name, bounds)| {
///     builder.set_buckets_for_metric(name.to_owned(), bounds)
/// });
/// ```
pub fn buckets() -> impl Iterator<Item = (&'static str, &'static [f64])> {
    let histograms = METRICS.iter().filter(|it| it.kind == Kind::Histogram);
    histograms.map(|metric| (metric.name, metric.buckets))
}
