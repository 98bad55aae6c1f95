package crm

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

// Categories lists them all.
var Categories = []Category{
	RequiredField, Picklist, Permission, Duplicate, ValidationRule, LengthOrType, Owner, Association, Gone, Quota, Ignored, Other,
}

// Remedy is what a person can do about a refusal.
func (c Category) Remedy() string {
	switch c {
	case RequiredField:
		return "give the field a value, or a stand-in in the to file"
	case Picklist:
		return "add the value to the CRM's picklist, or translate it in a crosswalk"
	case Permission:
		return "let the integration user edit the field: lockstep setup, or the permission set in the CRM"
	case Duplicate:
		return "another record has the value: merge the two, or say in same_as.csv that they are one"
	case ValidationRule:
		return "put the value right in the CRM it comes from, or except the integration user from the rule"
	case LengthOrType:
		return "put the value right in the CRM it comes from, or shorten or convert it in the to file"
	case Owner:
		return "activate the user, or map the owner to another one"
	case Association:
		return "the record it refers to is missing or out of reach: share it with the integration user"
	case Gone:
		return "the record is gone; the next run reads what became of it"
	case Quota:
		return "wait until the limit resets"
	case Ignored:
		return "the CRM accepts the value and keeps its own: make the field one-way, or change what computes it there"
	}
	return "read the server's words; it is sent again when the value, the mapping or the record changes"
}
