//! Macro that turns the cases of a conformance suite into tests.

/// Generates one test per named case of a suite. Used by the macro of each suite.
#[doc(hidden)]
#[macro_export]
macro_rules! conformance_tests {
    ($suite:ident, $make:path; $($case:ident,)*) => {
        $(
            #[tokio::test]
            async fn $case() {
                let (port, _alive) = $make().await;
                $crate::testing::$suite::$case(&port).await;
            }
        )*
    };
    ($suite:ident, $make:path, time; $($case:ident,)*) => {
        $(
            #[tokio::test]
            async fn $case() {
                let (port, time, _alive) = $make().await;
                $crate::testing::$suite::$case(&port, &time).await;
            }
        )*
    };
}
