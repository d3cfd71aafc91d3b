"""The promises of reliability, each with a number: `./svi check --long` exercises them and says what it reached."""
