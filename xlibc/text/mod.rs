//! Engines without state or host: numbers, printf and scanf directives, UTF-8.

pub mod utf8;
