use std::collections::BTreeSet;

use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, LiteralValue, operators as op};
use cel::parser::{Expression, PrattParser};
use model::{ObjectDef, Schema};
use regex::{Regex, RegexBuilder};

use super::eval::{Each, Literal, Node, Operator, Variable};
use super::function::FUNCTIONS;
use super::source::Source;
use super::{FormulaError, MAX_DEPTH, MAX_LENGTH, MAX_NESTING};

const VARIABLES: [(&str, Variable); 3] = [("now", Variable::Now), ("today", Variable::Today), ("me", Variable::Me)];

/// What the parser turns into loops and tests; calls that still bear these names were written wrongly.
const MACROS: [&str; 6] = [op::HAS, op::ALL, op::EXISTS, op::EXISTS_ONE, op::MAP, op::FILTER];

const OPERATORS: [(&str, Operator); 12] = [
    (op::ADD, Operator::Add),
    (op::SUBSTRACT, Operator::Subtract),
    (op::MULTIPLY, Operator::Multiply),
    (op::DIVIDE, Operator::Divide),
    (op::MODULO, Operator::Remainder),
    (op::EQUALS, Operator::Equal),
    (op::NOT_EQUALS, Operator::NotEqual),
    (op::LESS, Operator::Less),
    (op::LESS_EQUALS, Operator::LessEqual),
    (op::GREATER, Operator::Greater),
    (op::GREATER_EQUALS, Operator::GreaterEqual),
    (op::IN, Operator::In),
];

/// Reads an expression and binds it to the object's fields.
pub(super) fn compile(text: &str, schema: &Schema, object: &ObjectDef) -> Result<(Node, Vec<Source>), FormulaError> {
    if text.trim().is_empty() {
        return Err(FormulaError::Empty);
    }
    if text.len() > MAX_LENGTH {
        return Err(FormulaError::TooLong);
    }
    if brackets(text) > MAX_DEPTH {
        return Err(FormulaError::TooDeep);
    }
    let parser = PrattParser::new().max_recursion_depth(MAX_DEPTH as u16).error_recovery_limit(1);
    let tree = parser.parse(text).map_err(|errors| syntax(text, &errors.errors))?;
    let mut binder = Binder { text, schema, object, sources: Vec::new(), scope: Vec::new(), depth: 0 };
    let node = binder.bind(&tree)?;
    Ok((node, binder.sources))
}

/// How deep brackets, signs and conditionals could nest, quotes aside: the parser recurses for each of them.
fn brackets(text: &str) -> usize {
    let (mut depth, mut deepest, mut signs, mut choices) = (0_usize, 0, 0, 0);
    for c in text.chars() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            '?' => choices += 1,
            '!' | '-' => signs += 1,
            c if c.is_whitespace() => {}
            _ => signs = 0,
        }
        deepest = deepest.max(depth).max(signs);
    }
    deepest.max(choices)
}

fn syntax(text: &str, errors: &[cel::ParseError]) -> FormulaError {
    let Some(error) = errors.iter().find(|e| e.pos.0 > 0).or(errors.first()) else {
        return FormulaError::Syntax { at: 1, message: "the expression cannot be read".to_owned() };
    };
    if error.msg.contains("recursion limit") {
        return FormulaError::TooDeep;
    }
    let before: usize =
        text.split_inclusive('\n').take((error.pos.0 - 1).max(0) as usize).map(|l| l.chars().count()).sum();
    let at = before + usize::try_from(error.pos.1).unwrap_or(1).max(1);
    let message = error.msg.trim_start_matches("Syntax error: ").replace("<EOF>", "the end");
    FormulaError::Syntax { at: at.min(text.chars().count() + 1), message }
}

struct Binder<'a> {
    text: &'a str,
    schema: &'a Schema,
    object: &'a ObjectDef,
    sources: Vec<Source>,
    scope: Vec<String>,
    depth: usize,
}

impl Binder<'_> {
    fn bind(&mut self, tree: &Expression) -> Result<Node, FormulaError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(FormulaError::TooDeep);
        }
        let node = match &tree.expr {
            Expr::Literal(literal) => Node::Literal(match literal {
                LiteralValue::Null => Literal::Null,
                LiteralValue::Boolean(b) => Literal::Bool(*b.inner()),
                LiteralValue::Int(n) => Literal::Int(*n.inner()),
                LiteralValue::UInt(n) => {
                    i64::try_from(*n.inner()).map_or(Literal::Number(*n.inner() as f64), Literal::Int)
                }
                LiteralValue::Double(n) => Literal::Number(*n.inner()),
                LiteralValue::String(text) => Literal::Text(text.inner().to_owned()),
                LiteralValue::Bytes(_) => {
                    return Err(FormulaError::Unsupported { what: "a byte text, b\"…\"," });
                }
            }),
            Expr::Ident(name) => self.name(name)?,
            Expr::Select(select) => {
                let of = Box::new(self.bind(&select.operand)?);
                let part = select.field.clone();
                if select.test { Node::Has(of, part) } else { Node::Part(of, part) }
            }
            Expr::List(list) => Node::List(self.bind_all(&list.elements)?),
            Expr::Call(call) => self.call(call)?,
            Expr::Comprehension(each) => self.each(each)?,
            Expr::Map(_) => return Err(FormulaError::Unsupported { what: "a map, {…}," }),
            Expr::Struct(_) => return Err(FormulaError::Unsupported { what: "a message, Name{…}," }),
            Expr::Unspecified => return Err(FormulaError::Unsupported { what: "an empty place" }),
        };
        self.depth -= 1;
        Ok(node)
    }

    fn bind_all(&mut self, trees: &[Expression]) -> Result<Vec<Node>, FormulaError> {
        trees.iter().map(|tree| self.bind(tree)).collect()
    }

    fn name(&mut self, name: &str) -> Result<Node, FormulaError> {
        if let Some(slot) = self.scope.iter().rposition(|local| local == name) {
            return Ok(Node::Local(slot));
        }
        if let Some((_, variable)) = VARIABLES.iter().find(|(known, _)| *known == name) {
            return Ok(Node::Variable(*variable));
        }
        let Some(field) = self.object.field(name) else {
            let known = self.object.fields.iter().map(|f| f.name.as_str()).chain(VARIABLES.iter().map(|(n, _)| *n));
            let nearest = nearest(name, known.chain(self.scope.iter().map(String::as_str)));
            return Err(FormulaError::UnknownName { name: name.to_owned(), at: position(self.text, name), nearest });
        };
        let slot = self.sources.iter().position(|s| s.name == field.name).unwrap_or_else(|| {
            self.sources.push(Source::of(self.schema, self.object, field));
            self.sources.len() - 1
        });
        Ok(Node::Field(slot))
    }

    fn call(&mut self, call: &CallExpr) -> Result<Node, FormulaError> {
        let name = call.func_name.as_str();
        if MACROS.contains(&name) {
            let usage = if name == op::HAS { "has(field.part)" } else { "list.name(x, expression about x)" };
            return Err(self.usage(name, usage));
        }
        let mut args = match &call.target {
            Some(target) => vec![self.bind(target)?],
            None => Vec::new(),
        };
        if name == "matches" {
            let pattern = match call.args.as_slice() {
                [pattern] if args.len() == 1 => pattern,
                [text, pattern] if args.is_empty() => {
                    args.push(self.bind(text)?);
                    pattern
                }
                _ => return Err(self.usage(name, "text.matches(\"pattern\")")),
            };
            return Ok(Node::Matches(Box::new(args.remove(0)), regex(pattern)?));
        }
        args.extend(self.bind_all(&call.args)?);
        if let Some((_, operator)) = OPERATORS.iter().find(|(n, _)| *n == name) {
            let [left, right] =
                <[Node; 2]>::try_from(args).map_err(|_| FormulaError::Unsupported { what: "this operator" })?;
            return Ok(Node::Binary(*operator, Box::new([left, right])));
        }
        match name {
            op::LOGICAL_AND => return Ok(Node::And(args)),
            op::LOGICAL_OR => return Ok(Node::Or(args)),
            op::CONDITIONAL | op::INDEX | op::LOGICAL_NOT | op::NEGATE => {
                let mut args = args.into_iter().map(Box::new);
                return match (name, args.next(), args.next(), args.next()) {
                    (op::CONDITIONAL, Some(test), Some(yes), Some(no)) => Ok(Node::If(test, yes, no)),
                    (op::INDEX, Some(of), Some(index), None) => Ok(Node::Index(of, index)),
                    (op::LOGICAL_NOT, Some(of), None, None) => Ok(Node::Not(of)),
                    (op::NEGATE, Some(of), None, None) => Ok(Node::Negate(of)),
                    _ => Err(FormulaError::Unsupported { what: "this operator" }),
                };
            }
            _ => {}
        }
        let Some(signature) = FUNCTIONS.iter().find(|s| s.name == name) else {
            let nearest = nearest(name, FUNCTIONS.iter().map(|s| s.name).chain(MACROS));
            return Err(FormulaError::UnknownFunction {
                name: name.to_owned(),
                at: position(self.text, name),
                nearest,
            });
        };
        if !signature.arguments.contains(&args.len()) {
            return Err(self.usage(name, signature.usage));
        }
        Ok(Node::Call(signature.function, args))
    }

    fn usage(&self, function: &str, usage: &'static str) -> FormulaError {
        FormulaError::Arguments { function: function.to_owned(), usage, at: position(self.text, function) }
    }

    /// Reads a macro back from the loop that the parser made of it.
    fn each(&mut self, each: &ComprehensionExpr) -> Result<Node, FormulaError> {
        if self.scope.len() >= MAX_NESTING {
            return Err(FormulaError::TooNested);
        }
        let strange = FormulaError::Unsupported { what: "this loop" };
        let Expr::Call(step) = &each.loop_step.expr else { return Err(strange) };
        let (kind, body) = match (&each.accu_init.expr, step.func_name.as_str(), step.args.as_slice()) {
            (Expr::Literal(LiteralValue::Boolean(_)), op::LOGICAL_AND, [_, body]) => (Each::All, vec![body]),
            (Expr::Literal(LiteralValue::Boolean(_)), op::LOGICAL_OR, [_, body]) => (Each::Exists, vec![body]),
            (Expr::Literal(LiteralValue::Int(_)), op::CONDITIONAL, [body, ..]) => (Each::ExistsOne, vec![body]),
            (Expr::List(_), op::ADD, [_, item]) => (Each::Map, vec![element(item).ok_or(strange)?]),
            (Expr::List(_), op::CONDITIONAL, [test, then, _]) => {
                let Expr::Call(add) = &then.expr else { return Err(strange) };
                let item = add.args.get(1).and_then(element).ok_or(strange)?;
                (Each::Map, vec![item, test])
            }
            _ => return Err(strange),
        };
        let list = Box::new(self.bind(&each.iter_range)?);
        self.scope.push(each.iter_var.clone());
        let body: Result<Vec<_>, _> = body.into_iter().map(|tree| self.bind(tree)).collect();
        self.scope.pop();
        Ok(Node::Each(kind, list, body?))
    }
}

fn element(list: &Expression) -> Option<&Expression> {
    match &list.expr {
        Expr::List(list) => list.elements.first(),
        _ => None,
    }
}

fn regex(pattern: &Expression) -> Result<Regex, FormulaError> {
    let Expr::Literal(LiteralValue::String(pattern)) = &pattern.expr else {
        return Err(FormulaError::Pattern { what: "is written out between quotes".to_owned() });
    };
    RegexBuilder::new(pattern.inner()).size_limit(1 << 18).build().map_err(|error| FormulaError::Pattern {
        what: match error {
            regex::Error::CompiledTooBig(_) => "is too large".to_owned(),
            error => format!("cannot be read: {}", error.to_string().lines().last().unwrap_or_default()),
        },
    })
}

/// Where a word stands first, in characters from 1, texts between quotes aside.
fn position(text: &str, word: &str) -> usize {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    let (mut quote, mut escaped, mut start) = (None, false, None);
    for (at, (byte, c)) in text.char_indices().enumerate() {
        if let Some(open) = quote {
            if !escaped && c == open {
                quote = None;
            }
            escaped = !escaped && c == '\\';
            continue;
        }
        if part(c) {
            let (from, at) = *start.get_or_insert((byte, at + 1));
            let ends = !text[byte + c.len_utf8()..].starts_with(part);
            if ends && &text[from..byte + c.len_utf8()] == word {
                return at;
            }
        } else {
            start = None;
            if c == '"' || c == '\'' {
                quote = Some(c);
            }
        }
    }
    1
}

/// The known name that a misspelt one is nearest to.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let name: String = name.chars().take(60).collect();
    let distances: BTreeSet<(usize, &str)> = known.map(|k| (distance(&name, k), k)).collect();
    let (distance, nearest) = distances.first()?;
    (distance * 3 <= nearest.chars().count()).then(|| (*nearest).to_owned())
}

/// Levenshtein's distance.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.chars().enumerate() {
            let here = (diagonal + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], here);
        }
    }
    row[b.chars().count()]
}
