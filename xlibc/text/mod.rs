//! Engines without state or host: numbers, printf and scanf directives, UTF-8.
