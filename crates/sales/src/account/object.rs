use kernel::{Id, Money};
use model::{
    Address, Entry, Field, Grant, ObjectDef, RollupOp, Scope, Value, address, choice, emails, integer, links,
    long_text, money, phones, reference, rollup, tags, text,
};

/// The company's name.
pub const NAME: Field<String> = text("name").required().searchable().indexed();
/// Its legal form: SARL, SAS, GmbH …
pub const LEGAL_FORM: Field<String> = text("legal_form").max(40);
/// Its branch of trade, in the user's words.
pub const INDUSTRY: Field<String> = text("industry").indexed();
/// Employees.
pub const SIZE: Field<i64> = integer("size").min(0).indexed();
/// Turnover of a year.
pub const ANNUAL_REVENUE: Field<Money> = money("annual_revenue").indexed();
/// The year it was founded.
pub const FOUNDED: Field<i64> = integer("founded").min(1000).max(2200);
/// The French register's number of nine digits.
pub const SIREN: Field<String> = text("siren").max(9).indexed().searchable();
/// The number for value added tax.
pub const VAT_NUMBER: Field<String> = text("vat_number").max(20);
/// Web addresses.
pub const WEBSITE: Field<Vec<Entry>> = links("website");
/// Addresses.
pub const EMAILS: Field<Vec<Entry>> = emails("emails").searchable().indexed();
/// Phone numbers.
pub const PHONES: Field<Vec<Entry>> = phones("phones").searchable();
/// The postal address.
pub const ADDRESS: Field<Box<Address>> = address("address");
/// The company that owns it.
pub const PARENT: Field<Id> = reference("parent", "account");
/// Where it stands in a customer's life.
pub const LIFECYCLE: Field<String> = choice("lifecycle", crate::LIFECYCLE).indexed().default_text("suspect");
/// Free text.
pub const DESCRIPTION: Field<String> = long_text("description");
/// Labels.
pub const TAGS: Field<Vec<String>> = tags("tags");
/// Its identifier in the system it came from.
pub const EXTERNAL_ID: Field<String> = text("external_id").unique();
/// How many opportunities are open.
pub const OPEN_OPPORTUNITIES: Field<Value> =
    rollup("open_opportunities", "opportunity", "account", RollupOp::Count, None, Some(("status", "open")));
/// What was sold to it.
pub const WON_AMOUNT: Field<Value> =
    rollup("won_amount", "opportunity", "account", RollupOp::Sum, Some("amount"), Some(("status", "won")));

/// The definition.
pub fn object() -> ObjectDef {
    let fields = vec![
        NAME.def(),
        LEGAL_FORM.def(),
        INDUSTRY.def(),
        SIZE.def(),
        ANNUAL_REVENUE.def(),
        FOUNDED.def(),
        SIREN.def(),
        VAT_NUMBER.def(),
        WEBSITE.def(),
        EMAILS.def(),
        PHONES.def(),
        ADDRESS.def(),
        PARENT.def(),
        LIFECYCLE.def(),
        DESCRIPTION.def(),
        TAGS.def(),
        EXTERNAL_ID.def(),
        OPEN_OPPORTUNITIES.def(),
        WON_AMOUNT.def(),
    ];
    ObjectDef::new("account", "acc", "building-2", "name", fields)
        .columns(&["name", "industry", "lifecycle", "size", "open_opportunities", "won_amount", "owner", "updated_at"])
        .facts(&["industry", "lifecycle", "open_opportunities", "won_amount"])
        .section(
            "identity",
            &["name", "legal_form", "industry", "parent", "size", "annual_revenue", "founded", "siren", "vat_number"],
        )
        .section("contact", &["emails", "phones", "website", "address"])
        .section("sales", &["lifecycle", "owner", "tags", "description", "external_id"])
        .board("lifecycle", Some("annual_revenue"))
        .grant("*", Grant::write(Scope::Team))
}
