//! The test cards: each makes the effect end in one way.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// How a payment goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Card {
    /// It is paid.
    Ok,
    /// The bank says no, for good.
    Declined,
    /// It is paid, after a while.
    Slow(Duration),
    /// The bank does not answer.
    GatewayDown,
    /// The bank wants fewer calls.
    RateLimited,
    /// Our own code has a bug.
    Bug,
    /// It is paid, and the answer is larger than what is stored.
    Large,
    /// It is paid, and the answer is a stream.
    Stream,
}

/// How long `tok_slow` takes.
const SLOW: Duration = Duration::from_secs(1);

/// A card that is none of the test cards.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownCard;

impl FromStr for Card {
    type Err = UnknownCard;

    fn from_str(token: &str) -> Result<Self, UnknownCard> {
        Ok(match token {
            "tok_ok" => Self::Ok,
            "tok_declined" => Self::Declined,
            "tok_slow" => Self::Slow(SLOW),
            "tok_gateway_down" => Self::GatewayDown,
            "tok_rate_limited" => Self::RateLimited,
            "tok_bug" => Self::Bug,
            "tok_large" => Self::Large,
            "tok_stream" => Self::Stream,
            other => {
                let millis = other.strip_prefix("tok_slow:").map(str::parse);
                let millis = millis.and_then(Result::ok).ok_or(UnknownCard)?;
                Self::Slow(Duration::from_millis(millis))
            }
        })
    }
}

/// As it is written in a request.
impl fmt::Display for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ok => "tok_ok",
            Self::Declined => "tok_declined",
            Self::Slow(time) => return write!(f, "tok_slow:{}", time.as_millis()),
            Self::GatewayDown => "tok_gateway_down",
            Self::RateLimited => "tok_rate_limited",
            Self::Bug => "tok_bug",
            Self::Large => "tok_large",
            Self::Stream => "tok_stream",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_written_as_it_is_read() {
        for token in [
            "tok_ok",
            "tok_declined",
            "tok_slow:250",
            "tok_gateway_down",
            "tok_rate_limited",
            "tok_bug",
            "tok_large",
            "tok_stream",
        ] {
            assert_eq!(token.parse::<Card>().unwrap().to_string(), token);
        }
        assert_eq!("tok_slow".parse(), Ok(Card::Slow(SLOW)));
        assert_eq!("tok_slow:soon".parse::<Card>(), Err(UnknownCard));
        assert_eq!("4242".parse::<Card>(), Err(UnknownCard));
    }
}
