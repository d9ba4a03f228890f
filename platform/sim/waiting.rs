//! Waiting for descriptors.

use platform::Waiting;

use crate::system::System;

impl Waiting for System {}
