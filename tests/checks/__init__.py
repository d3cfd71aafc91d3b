"""What has to hold before a change lands, as `./svi check` runs it."""
