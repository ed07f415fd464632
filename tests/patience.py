"""How long tests wait for what has to come: a test that passes never waits so long, however busy the machine is."""

PATIENCE_SECONDS = 120.0
