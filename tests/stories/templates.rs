//! Words and templates.

use guichet_core::language::Language;

use crate::start;

guichet_testing::stories! {
    async fn every_language_has_the_same_keys(database) {
        let server = start(&database).await;
        let keys = |language| server.app.templates.words().keys(language);
        let (french, english) = (keys(Language::French), keys(Language::English));
        assert!(french.len() > 40);
        assert_eq!(french, english);
    }

    async fn an_operators_own_files_replace_ours(database) {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("words")).unwrap();
        std::fs::write(folder.path().join("words/fr.ftl"), "core-language = Choisissez\n").unwrap();
        std::fs::create_dir(folder.path().join("pages")).unwrap();
        std::fs::write(folder.path().join("pages/signed-out.html"), "<p>{{ t(\"core-language\") }}, {{ app_name }}</p>").unwrap();
        let settings = format!("templates = {:?}\napp_name = \"Chez Nous\"", folder.path());
        let server = crate::with(&database, &settings).await;
        assert_eq!(server.page_browser().page("/signed-out").await.text, "<p>Choisissez, Chez Nous</p>");
        assert!(server.page_browser().page("/login").await.expect(200).text.contains("Choisissez"));
    }
}
