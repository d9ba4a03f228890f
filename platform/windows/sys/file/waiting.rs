//! Waiting for descriptors.

use platform::Waiting;

use crate::Windows;

impl Waiting for Windows {}
