//! The figures are those of this process, whoever counts or does not.

use idempotent_runtime::Error;

use crate::world::{READER, Service, charge, hang};

#[tokio::test(start_paused = true)]
async fn calls_are_counted_by_operation_and_outcome() {
    let service = Service::new();
    for _ in 0..3 {
        charge(&service.idempotency, "acme", "paid")
            .await
            .expect("it runs");
    }
    service.hanging("runs").await;
    let refused = hang(&service.idempotency, "runs").await;
    assert!(matches!(refused, Err(Error::InFlight { .. })));
    let overview = service.get(READER, "/api/v1/overview").await.json();
    let operations = overview["operations"].as_array().expect("operations");
    let calls = |name: &str| {
        let found = operations.iter().find(|it| it["operation"] == name);
        found.map(|it| it["calls"].clone()).unwrap_or_default()
    };
    let charged = calls("shop::charge");
    assert_eq!(
        (&charged["executed"], &charged["replayed"]),
        (&1.into(), &2.into())
    );
    assert_eq!(calls("shop::hang")["conflict"], 1);
    assert_eq!(overview["store"]["records"]["running"]["records"], 1);
    let page = service.get(READER, "").await.words();
    assert!(page.contains("4 in"), "{page}");
}

#[tokio::test(start_paused = true)]
async fn rates_are_of_the_last_five_minutes() {
    let service = Service::new();
    charge(&service.idempotency, "acme", "early")
        .await
        .expect("it runs");
    tokio::time::sleep(std::time::Duration::from_mins(6)).await;
    charge(&service.idempotency, "acme", "late")
        .await
        .expect("it runs");
    let overview = service.get(READER, "/api/v1/overview").await.json();
    assert_eq!(overview["operations"][0]["calls"]["executed"], 1);
    let window = overview["window_seconds"].as_f64().expect("a window");
    assert!((280.0..=300.5).contains(&window), "{window}");
}

#[tokio::test(start_paused = true)]
async fn the_oldest_attempt_stands_first() {
    let service = Service::new();
    let first = service.hanging("first").await;
    tokio::time::sleep(tests::seconds(60)).await;
    let second = service.hanging("second").await;
    let overview = service.get(READER, "/api/v1/overview").await.json();
    let oldest = overview["oldest_in_flight"].as_array().expect("attempts");
    let ids: Vec<_> = oldest
        .iter()
        .map(|it| it["id"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(ids, [first.id.to_string(), second.id.to_string()]);
    assert!(oldest[0]["age_seconds"].as_f64() >= Some(60.0));
    // Renewed by its heartbeat all the time.
    assert!(oldest[0]["since_renewal_seconds"].as_f64() <= Some(11.0));
}
