problem-verdict-not-of-the-profile = At least one of these records is not part of this profile: reload the page and choose again.
problem-verdict-needs-two-sides = There must be records on both sides, and they must still exist.
problem-verdict-of-different-kinds = A person and an organisation are never the same: choose profiles of the same kind.
problem-profile-attribute-unknown = “{ $value }” is not an attribute of this profile.
problem-source-object-unknown = There is no object “{ $value }” here.
problem-model-in-use = This model is in use already.
problem-model-unusable = This version cannot use that model: { $why }. Learn a new one.
