//! Every row of the business tables: who comes in, as whom, and who does not.

use crate::{column, knock, prepare, start, success, users};

/// One story for a row that lets somebody in: what they type, the Client, the name.
macro_rules! come_in {
    ($($story:ident: $typed:literal => $client:literal, $name:literal;)*) => {
        guichet_testing::stories! {$(
            async fn $story(database) {
                let server = start(&database).await;
                assert_eq!(prepare(&server.browser(), $typed).await.expect(200).json(), success());
                assert_eq!(column(&server, "clientId").await.as_deref(), Some($client));
                assert_eq!(column(&server, "name").await.as_deref(), Some($name));
                assert_eq!(column(&server, "role").await.as_deref(), Some("UTILISATEUR"));
                let unproven = server.number(r#"select count(*) from "user" where not "emailVerified""#).await;
                assert_eq!(unproven, 1, "nobody proved to read the mailbox yet");
                // The same person again, however they type: the same user, who may sign in at the portal.
                prepare(&server.browser(), &$typed.to_uppercase()).await.expect(200).json();
                let session = knock(&server.browser(), Some("client"), $typed).await.expect(200).json();
                assert_eq!(session["user"]["clientId"], $client);
                assert_eq!(session["user"]["role"], "UTILISATEUR");
                assert_eq!(users(&server).await, 1);
            }
        )*}
    };
}

/// One story for a row that lets nobody in.
macro_rules! stay_out {
    ($($story:ident: $typed:literal;)*) => {
        guichet_testing::stories! {$(
            async fn $story(database) {
                let server = start(&database).await;
                assert_eq!(prepare(&server.browser(), $typed).await.expect(200).json(), success());
                knock(&server.browser(), Some("client"), $typed).await.refused(401, "UNAUTHORIZED");
                knock(&server.browser(), None, $typed).await.refused(401, "UNAUTHORIZED");
                assert_eq!(users(&server).await, 0);
            }
        )*}
    };
}

come_in! {
    // Wishes: 104, 107, 108.
    jean_is_the_plain_case: "jean@example.com" => "cli_jean", "Jean Dupont";
    // Wishes: 102.
    jean_may_type_spaces_and_capitals: "  Jean@Example.COM " => "cli_jean", "Jean Dupont";
    zoe_was_typed_by_hand_with_spaces_capitals_and_accents: "zoé.étienne@example.com" => "cli_zoe", "Zoé Étienne";
    noels_accent_may_be_one_character_or_two: "noël@example.com" => "cli_noel", "Noël Petit";
    wide_letters_are_letters: "wide@example.com" => "cli_wide", "Aiko Mori";
    the_end_of_a_line_is_no_part_of_an_address: "import@example.com" => "cli_import", "Irène Vidal";
    // Wishes: 108.
    a_person_without_a_name_comes_in: "anonyme@example.com" => "cli_anonyme", "";
    // Wishes: 108.
    a_first_name_alone_is_a_name: "prenom@example.com" => "cli_prenom", "Prune";
    // Wishes: 108.
    a_last_name_alone_is_a_name: "nom@example.com" => "cli_nom", "Lastier";
    // Wishes: 106.
    the_person_wins_over_the_company: "deux@example.com" => "cli_deux", "Dora Blanc";
    // Wishes: 105, 107, 109.
    a_company_comes_in_by_its_legal_name: "contact@societe.fr" => "cli_societe", "SOCIETE ABC SARL";
    // Wishes: 109.
    a_company_without_a_legal_name_has_a_name: "bonjour@atelier.fr" => "cli_atelier", "L'Atelier";
    a_legal_name_of_spaces_is_none: "blanc@atelier.fr" => "cli_blanc", "Blanc & fils";
    an_owner_whose_company_is_a_tenant_is_the_company: "gerant@example.com" => "cli_gerant_sci", "SCI DU GÉRANT";
}

stay_out! {
    // Wishes: 110.
    an_owner_is_not_let_in: "bailleur@example.com";
    // Wishes: 110.
    a_company_that_owns_is_not_let_in: "sci@example.com";
    // Wishes: 111.
    a_person_whose_client_is_a_company_is_not_let_in: "incoherent@example.com";
    // Wishes: 111.
    a_company_whose_client_is_a_person_is_not_let_in: "faux@example.com";
    two_people_of_one_address_are_nobody: "jumeaux@example.com";
    somebody_unknown_is_not_let_in: "inconnu@example.com";
    an_address_without_its_accents_is_another_one: "zoe.etienne@example.com";
    a_wildcard_is_a_character: "_ean@example.com";
}
