package load

// Category is what kind of rule a refusal names, in words for people.
type Category string

// The categories.
const (
	RequiredField  Category = "required field"
	Picklist       Category = "picklist"
	Permission     Category = "permission"
	Duplicate      Category = "duplicate"
	ValidationRule Category = "validation rule"
	LengthOrType   Category = "length or type"
	Owner          Category = "owner"
	Association    Category = "association"
	Gone           Category = "deleted or merged"
	Quota          Category = "quota"
	Ignored        Category = "not taken"
	Other          Category = "other"
)
