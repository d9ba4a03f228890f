//! The network: nothing of it yet.

use platform::Network;

use crate::Windows;

impl Network for Windows {}
