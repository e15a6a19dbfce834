//! The metrics of a test, as Prometheus would scrape them.

use idempotent_runtime::metrics::buckets;
use metrics::LocalRecorderGuard;
use metrics_exporter_prometheus::{
    Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};

/// A recorder for this thread, until dropped; what is made meanwhile reports
/// to it.
pub struct Meter {
    handle: PrometheusHandle,
    _guard: LocalRecorderGuard<'static>,
}

impl Meter {
    /// The recorder of this thread from now on.
    pub fn install() -> Self {
        let builder = PrometheusBuilder::new();
        let builder = buckets().fold(builder, |builder, (name, bounds)| {
            let name = Matcher::Full(name.to_owned());
            let builder = builder.set_buckets_for_metric(name, bounds);
            builder.expect("bounds")
        });
        // A guard borrows its recorder; a test's may live as long as the test.
        let recorder: &'static PrometheusRecorder = Box::leak(Box::new(builder.build_recorder()));
        Self {
            handle: recorder.handle(),
            _guard: metrics::set_default_local_recorder(recorder),
        }
    }

    /// What a scrape gets.
    pub fn text(&self) -> String {
        self.handle.run_upkeep();
        self.handle.render()
    }

    /// The series in order, without their values.
    pub fn series(&self) -> Vec<String> {
        let text = self.text();
        let samples = text.lines().filter(|line| !line.is_empty());
        let samples = samples.filter(|line| !line.starts_with('#'));
        let series = samples.filter_map(|line| line.rsplit_once(' '));
        let mut series: Vec<_> = series.map(|(series, _)| series.to_owned()).collect();
        series.sort_unstable();
        series
    }

    /// The sum of a metric's series that have all of these labels, as
    /// `outcome="executed"`; `None` if there is no such series.
    pub fn sum(&self, name: &str, labels: &[&str]) -> Option<f64> {
        let text = self.text();
        let found = text.lines().filter_map(|line| {
            let rest = line.strip_prefix(name)?;
            let (series, value) = rest.rsplit_once(' ')?;
            let whole = series.is_empty() || series.starts_with('{');
            let has = |label: &&str| series.contains(*label);
            (whole && labels.iter().all(has)).then(|| value.parse::<f64>().expect("a number"))
        });
        found.reduce(|sum, value| sum + value)
    }

    /// As [`Meter::sum`], of a series that must be there.
    pub fn get(&self, name: &str, labels: &[&str]) -> f64 {
        let sum = self.sum(name, labels);
        sum.unwrap_or_else(|| panic!("no {name} {labels:?} in\n{}", self.text()))
    }
}

impl std::fmt::Debug for Meter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Meter").finish_non_exhaustive()
    }
}
