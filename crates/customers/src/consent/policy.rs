//! The policy: which rule holds for a channel, with the law it comes from. A setting that administrators edit; the French rules are the
//! default.

use std::sync::Arc;

use jiff::civil::Date;
use kernel::{Ctx, Timestamp};
use model::Problem;
use records::{RecordError, Space};
use serde::{Deserialize, Serialize};
use store::Reader;

use super::{Basis, Channel};

/// The setting's name.
const SETTING: &str = "consent policy";

/// To whom one writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// A private person.
    Consumer,
    /// A person at work; counts only for purposes that are about that work.
    Professional,
}

/// What a channel asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Nobody is contacted without a yes.
    OptIn,
    /// Everybody is contacted who did not say no.
    OptOut,
    /// Nobody is contacted.
    Never,
}

/// A rule for marketing on a channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The channel.
    pub channel: Channel,
    /// To whom.
    pub audience: Audience,
    /// What it asks for.
    pub mode: Mode,
    /// Grounds besides consent on which a yes counts where one is needed: customers who were told and did not refuse.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Basis>,
    /// The first day, in Paris, on which it holds; always when there is none. Of several the latest holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Where it is written.
    pub law: String,
}

/// The rules of a tenant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// Months after the person's last action until marketing ends, where the purpose says nothing else.
    pub months: i32,
    /// Where that is written.
    pub months_law: String,
    /// The rules: at least one without a first day for every channel and audience.
    pub rules: Vec<Rule>,
}

const ELECTRONIC: &str = "Code des postes et des communications électroniques, art. L. 34-5";
const OBJECTION: &str = "RGPD, art. 6.1 f et 21.2";
const DEVICE: &str = "Loi n° 78-17 du 6 janvier 1978, art. 82";

impl Default for Policy {
    /// The French rules.
    fn default() -> Policy {
        use Audience::{Consumer, Professional};
        use Mode::{OptIn, OptOut};
        let rule = |channel, audience, mode, also: &[Basis], law: &str| Rule {
            channel,
            audience,
            mode,
            also: also.to_vec(),
            from: None,
            law: law.to_owned(),
        };
        // A customer who was told and did not refuse may get offers of similar products (L. 34-5, fourth paragraph).
        let customers = [Basis::LegitimateInterests];
        let at_work = format!("{ELECTRONIC} ; {OBJECTION} ; CNIL, prospection entre professionnels");
        let mut rules = Vec::new();
        for channel in [Channel::Email, Channel::Sms] {
            rules.push(rule(channel, Consumer, OptIn, &customers, ELECTRONIC));
            rules.push(rule(channel, Professional, OptOut, &[], &at_work));
        }
        let listed = "Code de la consommation, art. L. 223-1, rédaction en vigueur jusqu’au 10 août 2026 (Bloctel)";
        rules.push(rule(Channel::Phone, Consumer, OptOut, &[], listed));
        rules.push(Rule {
            from: Some(jiff::civil::date(2026, 8, 11)),
            // Calls within a running contract that concern it stay allowed.
            ..rule(
                Channel::Phone,
                Consumer,
                OptIn,
                &[Basis::Contract],
                "Code de la consommation, art. L. 223-1, rédaction de la loi n° 2025-594 du 30 juin 2025",
            )
        });
        rules.push(rule(Channel::Phone, Professional, OptOut, &[], OBJECTION));
        for audience in [Consumer, Professional] {
            rules.push(rule(Channel::Post, audience, OptOut, &[], OBJECTION));
        }
        for audience in [Consumer, Professional] {
            rules.push(rule(Channel::Push, audience, OptIn, &[], &format!("{ELECTRONIC} ; {DEVICE}")));
            rules.push(rule(Channel::Ads, audience, OptIn, &[], &format!("RGPD, art. 6.1 a ; {DEVICE}")));
        }
        Policy {
            months: 36,
            months_law: "CNIL, délibération n° 2021-131 du 23 septembre 2021 (gestion commerciale) : trois ans après le dernier contact \
                         émanant du prospect ; un clic compte, une ouverture non"
                .to_owned(),
            rules,
        }
    }
}

impl Policy {
    /// Reads it; one statement.
    pub async fn load(reader: &mut Reader) -> Result<Policy, RecordError> {
        let kept = reader.setting(SETTING).await?;
        Ok(kept.and_then(|json| serde_json::from_value(json).ok()).unwrap_or_default())
    }

    /// Keeps it, for administrators.
    pub async fn save(self, space: &Arc<Space>, ctx: &Ctx) -> Result<(), RecordError> {
        space.access(ctx).await?.administers()?;
        self.check()?;
        let json = serde_json::to_value(&self).unwrap_or_default();
        Ok(space.store.write(move |w| Box::pin(async move { w.set_setting(SETTING, &json).await })).await?)
    }

    fn check(&self) -> Result<(), Problem> {
        if !(1..=1_200).contains(&self.months) {
            return Err(Problem::new("months", "policy-months"));
        }
        for &channel in Channel::ALL {
            for audience in [Audience::Consumer, Audience::Professional] {
                let of = |rule: &&Rule| rule.channel == channel && rule.audience == audience;
                if !self.rules.iter().filter(of).any(|rule| rule.from.is_none()) {
                    return Err(Problem::new("rules", "policy-rule-missing").text("channel", channel.as_str()));
                }
            }
        }
        match self.rules.iter().find(|rule| rule.law.trim().is_empty()) {
            Some(rule) => Err(Problem::new("rules", "policy-law-missing").text("channel", rule.channel.as_str())),
            None => Ok(()),
        }
    }

    /// The rule that holds at a moment, and when another one takes its place.
    pub fn rule(&self, channel: Channel, audience: Audience, now: Timestamp) -> (Option<&Rule>, Option<Timestamp>) {
        let start = |rule: &Rule| rule.from.map_or(Timestamp::MIN, first_moment);
        let mut of: Vec<&Rule> = self.rules.iter().filter(|r| r.channel == channel && r.audience == audience).collect();
        of.sort_by_key(|rule| start(rule));
        let holds = of.iter().rev().find(|rule| start(rule) <= now).copied();
        let next = of.iter().map(|rule| start(rule)).find(|at| *at > now);
        (holds, next)
    }
}

/// The first moment of a day in Paris, whose law the rules are.
fn first_moment(day: Date) -> Timestamp {
    let zone = kernel::Zone::get("Europe/Paris").unwrap_or(kernel::Zone::UTC);
    day.to_zoned(zone).map_or(Timestamp::MAX, |at| at.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_whole_and_kept_as_it_is() {
        let policy = Policy::default();
        assert_eq!(policy.check(), Ok(()));
        let json = serde_json::to_value(&policy).unwrap();
        assert_eq!(serde_json::from_value::<Policy>(json).unwrap(), policy);
        let mut lacking = policy.clone();
        lacking.rules.retain(|rule| rule.channel != Channel::Post);
        assert!(lacking.check().is_err());
        let mut nameless = policy;
        nameless.rules[0].law = " ".to_owned();
        assert!(nameless.check().is_err());
    }

    #[test]
    fn consumers_are_called_only_after_a_yes_from_11_august_2026_in_paris() {
        let policy = Policy::default();
        let mode = |at: &str| {
            let (rule, next) = policy.rule(Channel::Phone, Audience::Consumer, at.parse().unwrap());
            (rule.unwrap().mode, next.map(|at| at.to_string()))
        };
        assert_eq!(mode("2026-08-10T21:59:59Z"), (Mode::OptOut, Some("2026-08-10T22:00:00Z".to_owned())));
        assert_eq!(mode("2026-08-10T22:00:00Z"), (Mode::OptIn, None));
    }
}
