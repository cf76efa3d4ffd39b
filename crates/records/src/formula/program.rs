use kernel::Ctx;
use model::{FieldType, Ident, ObjectDef, Record, Scalar, Schema, Value};

use super::compile::compile;
use super::eval::{Evaluation, Node};
use super::source::Source;
use super::value::Val;
use super::{FormulaError, sample};

/// A compiled expression over the fields of one object.
#[derive(Clone, Debug)]
pub struct Program {
    node: Node,
    sources: Vec<Source>,
    users: Option<Ident>,
}

impl Program {
    /// Reads an expression, binds its names to the object's fields and refuses what could never work: unknown names, functions
    /// and parts, operators on the wrong types.
    ///
    /// `object` is the schema's: completed with the system's fields.
    pub fn compile(expression: &str, schema: &Schema, object: &ObjectDef) -> Result<Program, FormulaError> {
        let (node, sources) = compile(expression, schema, object)?;
        let users = schema.object("user").map(|user| user.prefix.clone());
        let program = Program { node, sources, users };
        sample::try_out(&program, schema, object).map(|_| program)
    }

    /// As [`Program::compile`], for an expression whose result must be of this type.
    pub fn compile_for(
        result: Scalar,
        expression: &str,
        schema: &Schema,
        object: &ObjectDef,
    ) -> Result<Program, FormulaError> {
        let program = Program::compile(expression, schema, object)?;
        sample::result(&program, result, schema, object).map(|()| program)
    }

    /// The fields it reads, each once.
    pub fn fields(&self) -> impl Iterator<Item = &Ident> {
        self.sources.iter().map(|source| &source.name)
    }

    /// The result on a record, of the declared type; null for an empty text.
    pub fn evaluate(&self, result: Scalar, record: &Record, ctx: &Ctx) -> Result<Value, FormulaError> {
        self.run(record, ctx)?.coerce(result, &ctx.zone)
    }

    /// Whether the condition holds on a record; `None` when it ends in null.
    pub fn holds(&self, record: &Record, ctx: &Ctx) -> Result<Option<bool>, FormulaError> {
        match self.evaluate(Scalar::Boolean, record, ctx)? {
            Value::Bool(holds) => Ok(Some(holds)),
            _ => Ok(None),
        }
    }

    pub(super) fn run<'a>(&'a self, record: &'a Record, ctx: &'a Ctx) -> Result<Val<'a>, FormulaError> {
        self.evaluation(record, ctx).run(&self.node)
    }

    /// As [`Program::run`], going into the branches that are not taken too.
    pub(super) fn run_thoroughly<'a>(&'a self, record: &'a Record, ctx: &'a Ctx) -> Result<Val<'a>, FormulaError> {
        self.evaluation(record, ctx).thorough().run(&self.node)
    }

    fn evaluation<'a>(&'a self, record: &'a Record, ctx: &'a Ctx) -> Evaluation<'a> {
        Evaluation::new(&self.sources, record, ctx, self.users.as_ref())
    }
}

/// The expression of a formula field with its declared result.
pub(super) fn formula_of(kind: &FieldType) -> Option<(&str, Scalar)> {
    match kind {
        FieldType::Formula { expression, result } => Some((expression, *result)),
        _ => None,
    }
}
