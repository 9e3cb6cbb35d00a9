//! The QR code of an authenticator's address, as an image in the page: no script, and nothing that another site serves.

use guichet_core::error::{Error, Result};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode};

/// How many pixels wide it is at least.
const WIDTH: u32 = 224;

/// `<svg …>` of a text. Dark on light whatever the page's colours: many cameras read nothing else.
pub(crate) fn svg(text: &str) -> Result<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).map_err(Error::internal)?;
    let image = code
        .render::<svg::Color<'_>>()
        .min_dimensions(WIDTH, WIDTH)
        .dark_color(svg::Color("#000000"))
        .light_color(svg::Color("#ffffff"))
        .build();
    // What an XML document begins with has no place in a page.
    Ok(image.find("<svg").and_then(|at| image.get(at..)).unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_image_is_one_element_without_script() {
        let image = svg("otpauth://totp/a:b?secret=MFRGG&issuer=a").unwrap();
        assert!(image.starts_with("<svg") && image.trim_end().ends_with("</svg>"), "{image}");
        for never in ["<script", "<?xml", "href", "style"] {
            assert!(!image.contains(never), "{never}");
        }
        assert_ne!(image, svg("otpauth://totp/a:b?secret=MFRGH&issuer=a").unwrap());
    }
}
