use super::reader::Reader;
use super::{Direction, Error, Field, Nulls, Order};

/// Reads the value of `order`.
pub(super) fn order(reader: &mut Reader<'_>) -> Result<Vec<Order>, Error> {
    let mut terms = Vec::new();
    loop {
        terms.push(term(reader)?);
        reader.skip_spaces();
        if reader.at_end() {
            return Ok(terms);
        }
        if !reader.eat(",") {
            return Err(reader.expected("`,`, `.asc`, `.desc`, `.nullsfirst` or `.nullslast`"));
        }
    }
}

fn term(reader: &mut Reader<'_>) -> Result<Order, Error> {
    let name = reader.name("a column")?.text;
    let (relation, field) = if reader.eat("(") {
        let field = reader.field()?;
        reader.expect(")")?;
        (Some(name), field)
    } else {
        (None, Field { name, path: reader.json_path()? })
    };
    let mut order = Order { relation, field, direction: Direction::Ascending, nulls: None };
    if reader.eat(".asc") {
        order.direction = Direction::Ascending;
    } else if reader.eat(".desc") {
        order.direction = Direction::Descending;
    }
    if reader.eat(".nullsfirst") {
        order.nulls = Some(Nulls::First);
    } else if reader.eat(".nullslast") {
        order.nulls = Some(Nulls::Last);
    }
    Ok(order)
}
