use std::{fmt, str::FromStr};

use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde::{Deserialize, Serialize};

/// An amount with its currency, exact to four decimals (enough for unit prices; ISO 4217 currencies have at most four).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Money {
    units: i64,
    currency: Currency,
}

/// An ISO 4217 alphabetic code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// Why an amount or a currency was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not one of the codes that ISO 4217 lists.
    #[error("“{0}” is not a currency code of ISO 4217")]
    UnknownCurrency(String),
    /// More than four decimals, or beyond ±922,337,203,685,477.5807.
    #[error("an amount has at most four decimals and fifteen digits before them")]
    OutOfRange,
}

/// ISO 4217 active codes (list one of 2026), without funds and metals.
const CODES: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP \
CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD \
JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN \
NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB \
TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

impl Money {
    /// How many units make one of the currency.
    pub const SCALE: u32 = 4;

    /// From ten-thousandths of the currency, the stored form.
    pub const fn from_units(units: i64, currency: Currency) -> Money {
        Money { units, currency }
    }

    /// From an exact decimal.
    pub fn new(amount: Decimal, currency: Currency) -> Result<Money, MoneyError> {
        let amount = amount.normalize();
        if amount.scale() > Money::SCALE {
            return Err(MoneyError::OutOfRange);
        }
        let scaled = amount.checked_mul(Decimal::from(10_000)).ok_or(MoneyError::OutOfRange)?;
        let units = scaled.to_i64().ok_or(MoneyError::OutOfRange)?;
        Ok(Money { units, currency })
    }

    /// Ten-thousandths of the currency.
    pub const fn units(self) -> i64 {
        self.units
    }

    /// The exact amount.
    pub fn amount(self) -> Decimal {
        Decimal::new(self.units, Money::SCALE).normalize()
    }

    /// The currency.
    pub const fn currency(self) -> Currency {
        self.currency
    }
}

impl Currency {
    /// The euro.
    pub const EUR: Currency = Currency(*b"EUR");
    /// The United States dollar.
    pub const USD: Currency = Currency(*b"USD");

    /// The three letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("a currency code is ASCII")
    }

    /// Every code, in alphabetical order.
    pub fn all() -> impl Iterator<Item = Currency> {
        CODES.split_ascii_whitespace().map(|code| Currency(code.as_bytes().try_into().expect("three letters")))
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Currency, MoneyError> {
        let upper = text.trim().to_ascii_uppercase();
        match <[u8; 3]>::try_from(upper.as_bytes()) {
            Ok(code) if CODES.split_ascii_whitespace().any(|known| known == upper) => Ok(Currency(code)),
            _ => Err(MoneyError::UnknownCurrency(text.to_owned())),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Currency, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount(), self.currency)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_or_refused() {
        let price: Decimal = "1234.5678".parse().unwrap();
        assert_eq!(Money::new(price, Currency::EUR).unwrap().amount(), price);
        assert_eq!(Money::new("0.00001".parse().unwrap(), Currency::EUR), Err(MoneyError::OutOfRange));
        assert_eq!(Money::new(Decimal::MAX, Currency::EUR), Err(MoneyError::OutOfRange));
        assert_eq!(Money::new("1.500000".parse().unwrap(), Currency::EUR).unwrap().units(), 15_000);
    }

    #[test]
    fn only_listed_currencies_exist() {
        assert_eq!("eur".parse(), Ok(Currency::EUR));
        assert!("XXX".parse::<Currency>().is_err());
        assert!("é".parse::<Currency>().is_err());
        assert!(Currency::all().count() > 150);
    }
}
