//! Files. Bottom-up: `open_file`, where files are (`places`), what is told of them (`execute`, `links`, `facts`), the kinds of open
//! files, `descriptors`, what a path means (`resolve`), and requests on paths.

pub mod away;
pub mod console;
pub mod copy;
pub mod descriptors;
pub mod devices;
pub mod directory;
pub mod disk;
pub mod disposition;
pub mod execute;
pub mod facts;
pub mod hidden;
pub mod inherited;
pub mod kind;
pub mod links;
pub mod names;
pub mod open;
pub mod open_file;
pub mod patience;
pub mod pipe;
pub mod places;
pub mod record_locks;
pub mod requests;
pub mod resolve;
pub mod stat;
pub mod vectors;
pub mod waiting;
