use std::cell::Cell;

use jiff::tz::TimeZone;
use kernel::Ctx;
use model::{Ident, Record};
use regex::Regex;

use super::function::{Function, day_after, days_between, moment_after};
use super::source::Source;
use super::value::{Val, finite, of_json};
use super::{FormulaError, MAX_LIST, MAX_STEPS, MAX_TEXT};

/// An expression, bound to an object's fields.
#[derive(Clone, Debug)]
pub(super) enum Node {
    Literal(Literal),
    Variable(Variable),
    Field(usize),
    /// The variable of a macro, counted from the outermost.
    Local(usize),
    Part(Box<Node>, String),
    Has(Box<Node>, String),
    Index(Box<Node>, Box<Node>),
    List(Vec<Node>),
    Not(Box<Node>),
    Negate(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    If(Box<Node>, Box<Node>, Box<Node>),
    Binary(Operator, Box<[Node; 2]>),
    Call(Function, Vec<Node>),
    Matches(Box<Node>, Regex),
    /// A macro: its list, its expression and, for `map` and `filter`, its condition.
    Each(Each, Box<Node>, Vec<Node>),
}

#[derive(Clone, Debug)]
pub(super) enum Literal {
    Null,
    Bool(bool),
    Int(i64),
    Number(f64),
    Text(String),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Variable {
    Now,
    Today,
    Me,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Equal,
    NotEqual,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    In,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Each {
    All,
    Exists,
    ExistsOne,
    Map,
}

/// One evaluation: what it reads, and the work it may still do.
pub(super) struct Evaluation<'a> {
    sources: &'a [Source],
    record: &'a Record,
    ctx: &'a Ctx,
    users: Option<&'a Ident>,
    thorough: bool,
    steps: Cell<u32>,
}

type Evaluated<'a> = Result<Val<'a>, FormulaError>;

impl<'a> Evaluation<'a> {
    pub(super) fn new(
        sources: &'a [Source],
        record: &'a Record,
        ctx: &'a Ctx,
        users: Option<&'a Ident>,
    ) -> Evaluation<'a> {
        Evaluation { sources, record, ctx, users, thorough: false, steps: Cell::new(MAX_STEPS) }
    }

    /// The same, going into branches that are not taken too: finds what could never work, its result means nothing.
    pub(super) fn thorough(self) -> Evaluation<'a> {
        Evaluation { thorough: true, ..self }
    }

    pub(super) fn run(&self, node: &'a Node) -> Evaluated<'a> {
        self.eval(node, &mut Vec::new())
    }

    fn zone(&self) -> &'a TimeZone {
        &self.ctx.zone
    }

    fn spend(&self, steps: usize) -> Result<(), FormulaError> {
        let left = self.steps.get().checked_sub(u32::try_from(steps).unwrap_or(u32::MAX));
        self.steps.set(left.ok_or(FormulaError::TooMuchWork)?);
        Ok(())
    }

    /// Pays for going through a value.
    fn spend_on(&self, value: &Val) -> Result<(), FormulaError> {
        match value {
            Val::Text(text) => self.spend(text.len() / 64),
            Val::List(list) => self.spend(list.len()),
            Val::Entries(list) => self.spend(list.len()),
            Val::Json(json) => self.spend(50 + json.as_array().map_or(0, Vec::len)),
            _ => Ok(()),
        }
    }

    fn eval(&self, node: &'a Node, locals: &mut Vec<Val<'a>>) -> Evaluated<'a> {
        self.spend(1)?;
        match node {
            Node::Literal(literal) => Ok(match literal {
                Literal::Null => Val::Null,
                Literal::Bool(b) => Val::Bool(*b),
                Literal::Int(n) => Val::Int(*n),
                Literal::Number(n) => finite(*n),
                Literal::Text(text) => Val::text(text.as_str()),
            }),
            Node::Variable(variable) => Ok(self.variable(*variable)),
            Node::Field(slot) => {
                let value = self.sources.get(*slot).map_or(Val::Null, |source| source.read(self.record));
                self.spend_on(&value)?;
                Ok(value)
            }
            Node::Local(slot) => {
                let value = locals.get(*slot).cloned().unwrap_or(Val::Null);
                self.spend_on(&value)?;
                Ok(value)
            }
            Node::Part(of, part) => self.eval(of, locals)?.part(part),
            Node::Has(of, part) => Ok(Val::Bool(!self.eval(of, locals)?.part(part)?.is_blank())),
            Node::Index(of, index) => self.index(of, index, locals),
            Node::List(items) => items.iter().map(|n| self.eval(n, locals)).collect::<Result<_, _>>().map(Val::List),
            Node::Not(of) => Ok(match self.truth(of, "!", locals)? {
                None => Val::Null,
                Some(b) => Val::Bool(!b),
            }),
            Node::Negate(of) => match self.eval(of, locals)? {
                Val::Null => Ok(Val::Null),
                Val::Int(n) => Ok(n.checked_neg().map_or(finite(-(n as f64)), Val::Int)),
                Val::Number(n) => Ok(Val::Number(-n)),
                other => Err(operands("-", other.kind())),
            },
            Node::And(parts) => self.junction(parts, "&&", false, locals),
            Node::Or(parts) => self.junction(parts, "||", true, locals),
            Node::If(test, yes, no) => {
                let holds = self.truth(test, "?", locals)? == Some(true);
                let (taken, other) = if holds { (yes, no) } else { (no, yes) };
                if self.thorough {
                    self.eval(other, locals)?;
                }
                self.eval(taken, locals)
            }
            Node::Binary(operator, sides) => {
                let left = self.eval(&sides[0], locals)?;
                let right = self.eval(&sides[1], locals)?;
                self.binary(*operator, left, right)
            }
            Node::Call(function, args) => {
                let args = args.iter().map(|n| self.eval(n, locals)).collect::<Result<Vec<_>, _>>()?;
                args.iter().try_for_each(|arg| self.spend_on(arg))?;
                let value = function.call(args, self.zone())?;
                self.spend_on(&value)?;
                Ok(value)
            }
            Node::Matches(of, regex) => match self.eval(of, locals)? {
                Val::Null => Ok(Val::Null),
                Val::Text(text) => {
                    self.spend(text.len() / 4)?;
                    Ok(Val::Bool(regex.is_match(&text)))
                }
                other => Err(operands("matches()", other.kind())),
            },
            Node::Each(each, list, body) => self.each(*each, list, body, locals),
        }
    }

    fn variable(&self, variable: Variable) -> Val<'a> {
        match variable {
            Variable::Now => Val::Moment(self.ctx.now),
            Variable::Today => Val::Date(self.ctx.today()),
            Variable::Me => self.ctx.user().map_or(Val::Null, |id| {
                Val::text(self.users.map_or_else(|| id.uuid().to_string(), |prefix| id.typed(prefix.as_str())))
            }),
        }
    }

    /// Whether a condition holds; `None` for null.
    fn truth(&self, node: &'a Node, operation: &str, locals: &mut Vec<Val<'a>>) -> Result<Option<bool>, FormulaError> {
        match self.eval(node, locals)? {
            Val::Null => Ok(None),
            Val::Bool(b) => Ok(Some(b)),
            other => Err(operands(operation, other.kind())),
        }
    }

    /// `&&` (decided by false) or `||` (decided by true), with null for unknown.
    fn junction(&self, parts: &'a [Node], operation: &str, decisive: bool, locals: &mut Vec<Val<'a>>) -> Evaluated<'a> {
        let mut unknown = false;
        for part in parts {
            match self.truth(part, operation, locals)? {
                Some(b) if b == decisive && !self.thorough => return Ok(Val::Bool(decisive)),
                Some(_) => {}
                None => unknown = true,
            }
        }
        Ok(if unknown { Val::Null } else { Val::Bool(!decisive) })
    }

    fn index(&self, of: &'a Node, index: &'a Node, locals: &mut Vec<Val<'a>>) -> Evaluated<'a> {
        let of = self.eval(of, locals)?;
        let index = self.eval(index, locals)?;
        match (of, index) {
            (Val::Null, _) | (_, Val::Null) => Ok(Val::Null),
            (of, Val::Text(part)) => of.part(&part),
            (Val::Json(json @ serde_json::Value::Array(_)), Val::Int(n)) => {
                Ok(usize::try_from(n).ok().and_then(|n| json.get(n)).map_or(Val::Null, of_json))
            }
            (of, Val::Int(n)) => {
                let kind = of.kind();
                let list = of.elements().ok_or_else(|| operands("[…]", kind))?;
                Ok(usize::try_from(n).ok().and_then(|n| list.into_iter().nth(n)).unwrap_or(Val::Null))
            }
            (_, other) => Err(operands("[…]", other.kind())),
        }
    }

    fn binary(&self, operator: Operator, left: Val<'a>, right: Val<'a>) -> Evaluated<'a> {
        use Operator as O;
        self.spend_on(&left)?;
        self.spend_on(&right)?;
        match operator {
            O::Equal => return Ok(Val::Bool(left.equals(&right, self.zone()))),
            O::NotEqual => return Ok(Val::Bool(!left.equals(&right, self.zone()))),
            O::In => {
                let kind = right.kind();
                if right == Val::Null {
                    return Ok(Val::Bool(false));
                }
                if let Val::Entries(list) = right {
                    return Ok(Val::Bool(list.iter().any(|e| Val::text(e.value.as_str()) == left)));
                }
                let list = right.elements().ok_or_else(|| operands("in", kind))?;
                return Ok(Val::Bool(list.iter().any(|item| item.equals(&left, self.zone()))));
            }
            _ if left == Val::Null || right == Val::Null => return Ok(Val::Null),
            _ => {}
        }
        let wrong = || operands(operator.sign(), &format!("{} and {}", left.kind(), right.kind()));
        match operator {
            O::Less | O::LessEqual | O::Greater | O::GreaterEqual => {
                let order = left.order(&right, self.zone()).ok_or_else(wrong)?;
                Ok(Val::Bool(match operator {
                    O::Less => order.is_lt(),
                    O::LessEqual => order.is_le(),
                    O::Greater => order.is_gt(),
                    _ => order.is_ge(),
                }))
            }
            O::Add => match (&left, &right) {
                (Val::Text(a), Val::Text(b)) => {
                    if a.len() + b.len() > MAX_TEXT {
                        return Err(FormulaError::LongText);
                    }
                    Ok(Val::text(format!("{a}{b}")))
                }
                (Val::List(a), Val::List(b)) => {
                    if a.len() + b.len() > MAX_LIST {
                        return Err(FormulaError::LongList);
                    }
                    Ok(Val::List(a.iter().chain(b).cloned().collect()))
                }
                (Val::Date(_) | Val::Moment(_), _) => shift(&left, right.number().ok_or_else(wrong)?),
                (_, Val::Date(_) | Val::Moment(_)) => shift(&right, left.number().ok_or_else(wrong)?),
                _ => arithmetic(operator, &left, &right).ok_or_else(wrong),
            },
            O::Subtract => match (&left, &right) {
                (Val::Moment(a), Val::Moment(b)) => Ok(Val::Number(a.duration_since(*b).as_secs_f64() / 86_400.0)),
                (Val::Date(_) | Val::Moment(_), Val::Date(_) | Val::Moment(_)) => {
                    let days = right.day(self.zone()).zip(left.day(self.zone()));
                    days.map(|(from, to)| Val::Int(days_between(from, to))).ok_or_else(wrong)
                }
                (Val::Date(_) | Val::Moment(_), _) => shift(&left, -right.number().ok_or_else(wrong)?),
                _ => arithmetic(operator, &left, &right).ok_or_else(wrong),
            },
            _ => arithmetic(operator, &left, &right).ok_or_else(wrong),
        }
    }

    fn each(&self, each: Each, list: &'a Node, body: &'a [Node], locals: &mut Vec<Val<'a>>) -> Evaluated<'a> {
        let list = match self.eval(list, locals)? {
            Val::Null => Vec::new(),
            other => {
                let kind = other.kind();
                other.elements().ok_or_else(|| operands("going through a list", kind))?
            }
        };
        if list.len() > MAX_LIST {
            return Err(FormulaError::LongList);
        }
        let (Some(first), test) = (body.first(), body.get(1)) else { return Ok(Val::Null) };
        let (mut mapped, mut holding, mut unknown) = (Vec::new(), 0, false);
        for item in list {
            locals.push(item);
            let kept = match test {
                Some(test) => self.truth(test, "filter()", locals),
                None => Ok(Some(true)),
            };
            let outcome = match (each, kept) {
                (_, Err(error)) => Err(error),
                (Each::Map, Ok(Some(true))) => self.eval(first, locals).map(|value| {
                    mapped.push(value);
                    None
                }),
                (Each::Map, Ok(_)) => Ok(None),
                (_, Ok(_)) => self.truth(first, "a condition on a list", locals).map(Some),
            };
            locals.pop();
            match (each, outcome?) {
                (Each::All, Some(Some(false))) => return Ok(Val::Bool(false)),
                (Each::Exists, Some(Some(true))) => return Ok(Val::Bool(true)),
                (_, Some(Some(true))) => holding += 1,
                (_, Some(None)) => unknown = true,
                _ => {}
            }
        }
        Ok(match each {
            Each::Map => Val::List(mapped),
            Each::ExistsOne => Val::Bool(holding == 1),
            _ if unknown => Val::Null,
            Each::All => Val::Bool(true),
            Each::Exists => Val::Bool(false),
        })
    }
}

impl Operator {
    fn sign(self) -> &'static str {
        match self {
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::Remainder => "%",
            Operator::Equal => "==",
            Operator::NotEqual => "!=",
            Operator::Less => "<",
            Operator::LessEqual => "<=",
            Operator::Greater => ">",
            Operator::GreaterEqual => ">=",
            Operator::In => "in",
        }
    }
}

fn operands(operation: &str, found: &str) -> FormulaError {
    FormulaError::Operands { operation: operation.to_owned(), found: found.to_owned() }
}

/// A day or a moment, moved by days.
fn shift<'a>(from: &Val<'a>, days: f64) -> Evaluated<'a> {
    match from {
        Val::Moment(at) => moment_after(*at, days).map(Val::Moment),
        Val::Date(day) => day_after(*day, days).map(Val::Date),
        other => Err(operands("+", other.kind())),
    }
}

fn arithmetic<'a>(operator: Operator, left: &Val, right: &Val) -> Option<Val<'a>> {
    let (a, b) = (left.number()?, right.number()?);
    if let (Val::Int(x), Val::Int(y)) = (left, right) {
        let exact = match operator {
            Operator::Add => x.checked_add(*y),
            Operator::Subtract => x.checked_sub(*y),
            Operator::Multiply => x.checked_mul(*y),
            Operator::Divide if x.checked_rem(*y) == Some(0) => x.checked_div(*y),
            Operator::Remainder => x.checked_rem(*y),
            _ => None,
        };
        if let Some(n) = exact {
            return Some(Val::Int(n));
        }
    }
    Some(match operator {
        Operator::Add => finite(a + b),
        Operator::Subtract => finite(a - b),
        Operator::Multiply => finite(a * b),
        Operator::Divide => finite(a / b),
        _ => finite(a % b),
    })
}
