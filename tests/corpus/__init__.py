"""What residents say, written for this project one by one, with the answer of a human who knows the catalogue.

`tuning.csv` may be looked at while rules are bettered, `test.csv` only to measure: every second message of one
list, so that both hold the same sorts. Columns:

- `id`, `text`, `language` (zh-Hans, zh-Hant, en) and `tags`, set apart by `|`: spoken, traditional, english,
  speech_error, long, emergency, near_miss (of an emergency), ambiguous, landmark, old_name, community (no street
  or district beside it), no_place, two_matters.
- `kind`, `topic`, `level1`, `grade`: each answer that is right, set apart by `|`; no topic: none is better than another.
- `district`, `street`, `community`: whole names of what may be taken as said; empty where it may not be taken.
- `ask`: the question that is due: empty, `place`, `street`, `district` (more than four streets bear the name),
  `street:` with the choices that must be offered; `any` where a landmark or a road only sounds like a place; a `?`
  at its end where it need not be asked, since the matter can do without.
- `means`: the street that the resident has in mind, where this is more than was said.
- `emergency`: danger to life now, yes or no.
"""
