use kernel::{Ctx, Label};
use model::{Ident, ObjectDef, Problem, Problems, Record, Scalar, Schema};

use super::program::formula_of;
use super::{FormulaError, Program};

/// Every expression of an object, compiled: its formula fields, its validation rules and its fields' conditions.
///
/// An object without expressions costs nothing.
#[derive(Clone, Debug, Default)]
pub struct Formulas {
    /// Each after those it reads.
    computed: Vec<(Ident, Scalar, Program)>,
    required: Vec<(Ident, Program)>,
    visible: Vec<(Ident, Program)>,
    locked: Vec<(Ident, Program)>,
    rules: Vec<Rule>,
}

#[derive(Clone, Debug)]
struct Rule {
    name: Ident,
    field: Option<Ident>,
    message: Label,
    program: Program,
}

impl Formulas {
    /// Compiles all expressions of an object, `object` being the schema's. The problems name the field, dotted with
    /// `required_when`, `visible_when` or `read_only_when` for conditions, or `validations.` and the rule's name.
    pub fn of(schema: &Schema, object: &ObjectDef) -> Result<Formulas, Problems> {
        let mut formulas = Formulas::default();
        let mut problems = Vec::new();
        let mut compile = |at: &str, result: Scalar, text: &str| {
            let program = Program::compile_for(result, text, schema, object);
            program.map_err(|error| problems.push(error.problem(at))).ok()
        };
        for field in &object.fields {
            let name = &field.name;
            if let Some((expression, result)) = formula_of(&field.kind) {
                let program = compile(name.as_str(), result, expression);
                formulas.computed.extend(program.map(|p| (name.clone(), result, p)));
            }
            let conditions = [
                (&field.required_when, "required_when", &mut formulas.required),
                (&field.visible_when, "visible_when", &mut formulas.visible),
                (&field.read_only_when, "read_only_when", &mut formulas.locked),
            ];
            for (text, which, list) in conditions {
                let Some(text) = text else { continue };
                let program = compile(&format!("{name}.{which}"), Scalar::Boolean, text);
                list.extend(program.map(|p| (name.clone(), p)));
            }
        }
        for rule in &object.validations {
            let program = compile(&format!("validations.{}", rule.name), Scalar::Boolean, &rule.expression);
            formulas.rules.extend(program.map(|program| Rule {
                name: rule.name.clone(),
                field: rule.field.clone(),
                message: rule.message.clone(),
                program,
            }));
        }
        match in_order(std::mem::take(&mut formulas.computed)) {
            Ok(sorted) => formulas.computed = sorted,
            Err(circle) => {
                let error = FormulaError::Circle { path: circle.join(" → ") };
                problems.push(error.problem(circle.first().map_or("", String::as_str)));
            }
        }
        if problems.is_empty() { Ok(formulas) } else { Err(Problems(problems)) }
    }

    /// Whether the object has no expression at all.
    pub fn is_empty(&self) -> bool {
        self.computed.is_empty()
            && self.required.is_empty()
            && self.visible.is_empty()
            && self.locked.is_empty()
            && self.rules.is_empty()
    }

    /// The formula fields, each after those it reads.
    pub fn computed(&self) -> impl Iterator<Item = &Ident> {
        self.computed.iter().map(|(name, ..)| name)
    }

    /// Computes the formula fields of a record that has all its fields. One that fails becomes null, and the error names it.
    pub fn apply(&self, record: &mut Record, ctx: &Ctx) -> Result<(), Problems> {
        let mut problems = Vec::new();
        for (name, result, program) in &self.computed {
            let value = program.evaluate(*result, record, ctx).unwrap_or_else(|error| {
                problems.push(error.problem(name.as_str()));
                model::Value::Null
            });
            record.fields.set(name.clone(), value);
        }
        if problems.is_empty() { Ok(()) } else { Err(Problems(problems)) }
    }

    /// The fields that this record must fill because their `required_when` holds.
    pub fn required(&self, record: &Record, ctx: &Ctx) -> Result<Vec<&Ident>, Problems> {
        matching(&self.required, record, ctx, true)
    }

    /// The fields that this record does not show because their `visible_when` does not hold.
    pub fn hidden(&self, record: &Record, ctx: &Ctx) -> Result<Vec<&Ident>, Problems> {
        matching(&self.visible, record, ctx, false)
    }

    /// The fields that cannot be changed on this record because their `read_only_when` holds.
    pub fn locked(&self, record: &Record, ctx: &Ctx) -> Result<Vec<&Ident>, Problems> {
        matching(&self.locked, record, ctx, true)
    }

    /// The validation rules that this record breaks, with the administrator's messages (key `rule`, argument `rule`), and those
    /// that cannot be evaluated on it.
    pub fn violations(&self, record: &Record, ctx: &Ctx) -> Vec<Problem> {
        let mut problems = Vec::new();
        for rule in &self.rules {
            let field = rule.field.as_ref().map_or("", Ident::as_str);
            match rule.program.holds(record, ctx) {
                Ok(Some(true) | None) => {}
                Ok(Some(false)) => {
                    let text = (!rule.message.is_empty()).then(|| rule.message.clone());
                    problems.push(Problem { text, ..Problem::new(field, "rule").text("rule", rule.name.as_str()) });
                }
                Err(error) => problems.push(error.problem(field)),
            }
        }
        problems
    }
}

fn matching<'a>(
    conditions: &'a [(Ident, Program)],
    record: &Record,
    ctx: &Ctx,
    wanted: bool,
) -> Result<Vec<&'a Ident>, Problems> {
    let mut names = Vec::new();
    let mut problems = Vec::new();
    for (name, program) in conditions {
        match program.holds(record, ctx) {
            Ok(holds) if (holds == Some(true)) == wanted => names.push(name),
            Ok(_) => {}
            Err(error) => problems.push(error.problem(name.as_str())),
        }
    }
    if problems.is_empty() { Ok(names) } else { Err(Problems(problems)) }
}

/// Sorts formula fields so that each comes after those it reads; or a circle, its first name repeated at the end.
fn in_order(mut formulas: Vec<(Ident, Scalar, Program)>) -> Result<Vec<(Ident, Scalar, Program)>, Vec<String>> {
    let mut sorted = Vec::with_capacity(formulas.len());
    while !formulas.is_empty() {
        let waits =
            |program: &Program| program.fields().find_map(|read| formulas.iter().position(|(name, ..)| name == read));
        match formulas.iter().position(|(.., program)| waits(program).is_none()) {
            Some(ready) => sorted.push(formulas.remove(ready)),
            None => {
                let mut path = vec![0];
                loop {
                    let next = path.last().and_then(|&at| waits(&formulas[at].2)).unwrap_or(0);
                    if let Some(start) = path.iter().position(|&seen| seen == next) {
                        let circle = path[start..].iter().chain([&next]);
                        return Err(circle.map(|&at| formulas[at].0.to_string()).collect());
                    }
                    path.push(next);
                }
            }
        }
    }
    Ok(sorted)
}
