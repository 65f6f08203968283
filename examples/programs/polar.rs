// A function with two outputs: the place of (r, phi), in polar coordinates, on the plane. Its Jacobian has the output's axis first.
//
//     rustc -O polar.rs
//     gradcli check --exec ./polar --at r=2,phi=0.5

use std::io::{self, BufRead, Write};

/// The number behind a name in a line of JSON.
fn number(line: &str, name: &str) -> Option<f64> {
    let start = line.find(&format!("\"{name}\":"))? + name.len() + 3;
    let rest = line[start..].trim_start();
    let end = rest.find([',', '}', ' ']).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

fn answer(line: &str) -> String {
    let id = number(line, "id").unwrap_or(0.0);
    let (Some(r), Some(phi)) = (number(line, "r"), number(line, "phi")) else {
        return format!(r#"{{"id": {id}, "error": "r and phi are numbers"}}"#);
    };
    if r < 0.0 {
        return format!(r#"{{"id": {id}, "error": "r is negative"}}"#);
    }
    let (sin, cos) = phi.sin_cos();
    let value = format!("[{:?}, {:?}]", r * cos, r * sin);
    if !line.contains("\"grad\"") {
        return format!(r#"{{"id": {id}, "value": {value}}}"#);
    }
    let (by_r, by_phi) = (format!("[{cos:?}, {sin:?}]"), format!("[{:?}, {:?}]", -r * sin, r * cos));
    format!(r#"{{"id": {id}, "value": {value}, "grad": {{"r": {by_r}, "phi": {by_phi}}}}}"#)
}

fn main() -> io::Result<()> {
    for line in io::stdin().lock().lines() {
        println!("{}", answer(&line?));
        io::stdout().flush()?;
    }
    Ok(())
}
