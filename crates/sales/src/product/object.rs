use kernel::Money;
use model::{Field, Grant, ObjectDef, boolean, long_text, money, text};

/// The name.
pub const NAME: Field<String> = text("name").required().searchable().indexed();
/// The article's code.
pub const CODE: Field<String> = text("code").unique().searchable().max(60);
/// The family it belongs to.
pub const FAMILY: Field<String> = text("family").indexed();
/// The price without tax.
pub const PRICE: Field<Money> = money("price").indexed();
/// What it costs to buy or make.
pub const COST: Field<Money> = money("cost");
/// Whether it is still sold.
pub const ACTIVE: Field<bool> = boolean("active").default_bool(true);
/// Free text.
pub const DESCRIPTION: Field<String> = long_text("description");

/// The definition.
pub fn object() -> ObjectDef {
    let fields = vec![NAME.def(), CODE.def(), FAMILY.def(), PRICE.def(), COST.def(), ACTIVE.def(), DESCRIPTION.def()];
    ObjectDef::new("product", "pro", "package", "name", fields)
        .columns(&["name", "code", "family", "price", "active", "updated_at"])
        .facts(&["code", "family", "price"])
        .section("details", &["name", "code", "family", "price", "cost", "active", "description"])
        .grant("manager", Grant::full())
        .grant("*", Grant { hidden: vec![model::Ident::of("cost")], ..Grant::read_only() })
}
