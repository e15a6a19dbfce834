#[idempotent(scope = public)]
async fn wide(a: A, b: B, c: C, d: D, e: E, f: F, g: G, h: H, i: I, j: J, k: K, l: L, m: M, n: N, o: O, p: P) -> String {
    all(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p).await
}
